-- As what the receiver of a Berita Acara was told, and how a relative is related: those of before do not say.
ALTER TABLE "berita_acara" ADD COLUMN "capacity" VARCHAR(20) NOT NULL DEFAULT '';
ALTER TABLE "berita_acara" ADD COLUMN "kinship" VARCHAR(60) NOT NULL DEFAULT '';
