CREATE TABLE "customer" ("id" INTEGER PRIMARY KEY, "name" TEXT NOT NULL, "name_k" TEXT, "due" INTEGER, "face" BLOB, "parent_id" INTEGER REFERENCES "customer" ("id"), "last_visit_id" INTEGER REFERENCES "visit" ("id"), "deleted_at" INTEGER) STRICT;
CREATE UNIQUE INDEX "customer_name_k_ix" ON "customer" ("name_k") WHERE deleted_at IS NULL;
CREATE INDEX "customer_due_ix" ON "customer" ("due" DESC, "id" DESC);
CREATE TABLE "visit" ("id" INTEGER PRIMARY KEY, "customer_id" INTEGER NOT NULL REFERENCES "customer" ("id"), "order" INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX "visit_customer_id_ix" ON "visit" ("customer_id", "order" DESC);
CREATE TABLE "visit_members" ("id" INTEGER NOT NULL REFERENCES "visit" ("id"), "target" INTEGER NOT NULL, "we""ird" TEXT DEFAULT 'a', PRIMARY KEY ("id", "target")) STRICT, WITHOUT ROWID;
