CREATE TABLE "customer" ("id" BIGINT PRIMARY KEY, "name" TEXT COLLATE "C" NOT NULL, "name_k" TEXT COLLATE "C", "due" BIGINT, "face" BYTEA, "parent_id" BIGINT REFERENCES "customer" ("id") ON DELETE RESTRICT, "last_visit_id" BIGINT, "deleted_at" BIGINT);
CREATE UNIQUE INDEX "customer_name_k_ix" ON "customer" ("name_k") WHERE deleted_at IS NULL;
CREATE INDEX "customer_due_ix" ON "customer" ("due" DESC NULLS LAST, "id" DESC);
CREATE TABLE "visit" ("id" BIGINT PRIMARY KEY, "customer_id" BIGINT NOT NULL REFERENCES "customer" ("id") ON DELETE RESTRICT, "order" BIGINT NOT NULL DEFAULT 0);
CREATE INDEX "visit_customer_id_ix" ON "visit" ("customer_id", "order" DESC);
CREATE TABLE "visit_members" ("id" BIGINT NOT NULL REFERENCES "visit" ("id") ON DELETE RESTRICT, "target" BIGINT NOT NULL, "we""ird" TEXT COLLATE "C" DEFAULT 'a', PRIMARY KEY ("id", "target"));
ALTER TABLE "customer" ADD FOREIGN KEY ("last_visit_id") REFERENCES "visit" ("id") ON DELETE RESTRICT;
