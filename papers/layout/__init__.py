"""From frozen content to HTML: glyphs and fonts, phrases, templates; the flow chart and ruled tables; no PDF yet."""
