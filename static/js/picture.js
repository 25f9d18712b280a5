/* "Simpan gambar": paints a chart, with its heading and the office's name, on a canvas and saves it as PNG. Shapes are painted
   one by one, since the CSP allows no image that a script has made. */
(() => {
  "use strict";
  const [SCALE, EDGE, HEADING, WIDE] = [3, 16, 17, 388];
  const lines = (pen, words, width) => words.split(" ").reduce((found, word) => {
    const longer = [...found.slice(-1), word].join(" ");
    return found.length && pen.measureText(longer).width <= width ? [...found.slice(0, -1), longer] : [...found, word];
  }, []);
  const shape = (pen, one) => {
    const { fill, stroke, strokeDasharray, strokeWidth, fontSize, fontWeight, fontFamily } = getComputedStyle(one);
    [pen.fillStyle, pen.strokeStyle, pen.lineWidth] = [fill, stroke, parseFloat(strokeWidth) || 1];
    pen.setLineDash((strokeDasharray.match(/[\d.]+/g) || []).map(Number));
    if (one.tagName === "text") {
      if (!one.getNumberOfChars()) { return; }
      const { x, y } = one.getStartPositionOfChar(0);
      pen.font = `${fontWeight} ${fontSize} ${fontFamily}`;
      pen.fillText(one.textContent, x, y);
    } else {
      const { x, y, width, height, x1, y1, x2, y2 } = one;
      const path = one.tagName === "path" ? new Path2D(one.getAttribute("d")) : new Path2D();
      if (one.tagName === "rect") { path.rect(x.baseVal.value, y.baseVal.value, width.baseVal.value, height.baseVal.value); }
      if (one.tagName === "line") { path.moveTo(x1.baseVal.value, y1.baseVal.value); path.lineTo(x2.baseVal.value, y2.baseVal.value); }
      if (fill !== "none" && one.tagName !== "line") { pen.fill(path); }
      if (stroke !== "none") { pen.stroke(path); }
    }
  };
  const painted = (card) => {
    const [svg, canvas, look] = [card.querySelector("svg"), document.createElement("canvas"), getComputedStyle(card)];
    const [box, pen] = [svg.viewBox.baseVal, canvas.getContext("2d")];
    const source = [...document.querySelectorAll(".brand small, .demo strong")].map((one) => one.textContent.trim()).reverse().join(" · ");
    const heading = () => { pen.font = `600 ${HEADING}px ${look.fontFamily}`; };
    heading();
    const head = lines(pen, card.querySelector("h2").textContent, WIDE), top = EDGE + head.length * HEADING * 1.3 + 6;
    [canvas.width, canvas.height] = [(box.width + 2 * EDGE) * SCALE, (top + box.height + EDGE + 22) * SCALE];
    pen.setTransform(SCALE, 0, 0, SCALE, 0, 0);
    pen.fillStyle = look.backgroundColor;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = look.color;
    heading();
    head.forEach((line, place) => pen.fillText(line, EDGE, EDGE + (place + 0.8) * HEADING * 1.3));
    pen.font = `400 11px ${look.fontFamily}`;
    pen.fillText(source, EDGE, top + box.height + EDGE + 8);
    const origin = svg.getScreenCTM().inverse();
    svg.querySelectorAll("rect, line, path, text").forEach((one) => {
      if (getComputedStyle(one).display === "none") { return; }
      const { a, b, c, d, e, f } = origin.multiply(one.getScreenCTM());
      pen.setTransform(SCALE * a, SCALE * b, SCALE * c, SCALE * d, SCALE * (e + EDGE), SCALE * (f + top));
      shape(pen, one);
    });
    return canvas;
  };
  document.querySelectorAll("[data-save-picture]").forEach((button) => {
    const card = button.closest(".drawn");
    button.hidden = false;
    button.setAttribute("aria-label", `Simpan gambar: ${card.querySelector("h2").textContent}`);
    button.addEventListener("click", () => painted(card).toBlob((blob) => {
      const link = document.createElement("a");
      [link.href, link.download] = [URL.createObjectURL(blob), `${card.querySelector("h2").textContent}.png`];
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }));
  });
})();
