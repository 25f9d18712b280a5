-- Evidence that is kept outside the panel says where; every piece says with which act it came.
ALTER TABLE "attachment" ADD COLUMN "place" VARCHAR(200) NOT NULL DEFAULT '';
ALTER TABLE "attachment" ADD COLUMN "act" VARCHAR(40) NOT NULL DEFAULT '';
