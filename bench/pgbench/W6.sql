\set id random(1, :rows)
\set tail random(100000000, 999999999)
\set limit 20
BEGIN;
SELECT t."id", t."version", t."created_at", t."created_by", t."updated_at", t."updated_by", t."deleted_at", t."deleted_by", t."name", t."short_name", t."kind", t."status", t."level", t."industry", t."business", t."source", t."parent_id", t."phone", t."fax", t."email", t."website", t."contact_name", t."contact_title", t."region", t."address", t."city", t."state", t."postal_code", t."country", t."uscc", t."invoice_title", t."invoice_address", t."invoice_phone", t."bank_name", t."bank_account", t."employees", t."annual_revenue", t."amount", t."owner_id", t."next_follow_on", t."last_followed_at", t."contact_count", t."source_created_at", t."source_updated_at", t."external_id", t."pool_id", t."pooled_at", t."pool_cause", t."pool_reason", t."last_holder_id", t."held_since", t."protected_until", t."return_on", t."assign_rule_id", t."receivable_open", t."dunning_paused_until", t."dunning_pause_reason", t."dept_id" FROM "crm_customer" t WHERE t."id" = «:id» FOR UPDATE;
{aside}
SELECT pg_advisory_xact_lock(h) FROM (SELECT DISTINCT hashtextextended(k, 0) AS h FROM unnest(«ARRAY['dup.phone.+8613' || :tail]»::text[]) AS k ORDER BY h) AS s;
SELECT "id", "phone", "name", "owner_id", "dept_id" FROM "crm_customer" WHERE "phone_n" = «'+8613' || :tail» AND deleted_at IS NULL ORDER BY id LIMIT «:limit»;
UPDATE "crm_customer" SET "phone" = «'13' || :tail», "phone_n" = «'+8613' || :tail», "version" = «version + 1», "updated_at" = «1795345418770520», "updated_by" = «1» WHERE id = «:id» AND version = «version»;
INSERT INTO history_key (record_id, key) VALUES («:id», «'\x01772cdcf8a3ff2fbf0f137a7a8853d489045217e4305406ea7057e942b602cb9f23da350e7cb307e591fc993c4247186e03b41567083f480a5eaf9cf26d2f201426017e1968b84b0411008a0c'») ON CONFLICT DO NOTHING;
{follow}
{lines}
COMMIT;
