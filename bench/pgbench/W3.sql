\set owner random(1, 200)
\set s random(1, 5)
\set page 51
\set cap 10001
SELECT t."id", t."version", t."name", t."status", t."level", t."owner_id", t."industry", t."region", t."phone", t."amount", t."next_follow_on", t."last_followed_at", t."source_created_at" FROM "crm_customer" t WHERE t."owner_id" = «:owner» AND t.deleted_at IS NULL AND t."status" = «(ARRAY['lead', 'contacted', 'negotiating', 'won', 'lost'])[:s]» ORDER BY t."source_created_at" DESC NULLS LAST, t.id DESC LIMIT «:page»;
SELECT count(*) FROM (SELECT 1 FROM "crm_customer" t WHERE t."owner_id" = «:owner» AND t.deleted_at IS NULL AND t."status" = «(ARRAY['lead', 'contacted', 'negotiating', 'won', 'lost'])[:s]» LIMIT «:cap») c;
