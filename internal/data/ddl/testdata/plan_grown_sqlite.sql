CREATE TABLE "source" ("id" INTEGER PRIMARY KEY) STRICT;
ALTER TABLE "customer" ADD COLUMN "x_city" TEXT;
ALTER TABLE "customer" ADD COLUMN "level" INTEGER NOT NULL DEFAULT 3;
ALTER TABLE "customer" ADD COLUMN "source_id" INTEGER REFERENCES "source" ("id");
CREATE INDEX "customer_x_city_ix" ON "customer" ("x_city" DESC, "id") WHERE deleted_at IS NULL;
