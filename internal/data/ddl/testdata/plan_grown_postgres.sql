CREATE TABLE "source" ("id" BIGINT PRIMARY KEY);
ALTER TABLE "customer" ADD COLUMN "x_city" TEXT COLLATE "C";
ALTER TABLE "customer" ADD COLUMN "level" BIGINT NOT NULL DEFAULT 3;
ALTER TABLE "customer" ADD COLUMN "source_id" BIGINT REFERENCES "source" ("id") ON DELETE RESTRICT;
CREATE INDEX CONCURRENTLY "customer_x_city_ix" ON "customer" ("x_city" DESC NULLS LAST, "id") WHERE deleted_at IS NULL;
CREATE INDEX CONCURRENTLY "customer_only_ix" ON "customer" ("level");
