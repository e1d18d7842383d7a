\set id random(1, :rows)
\set tail random(100000000, 999999999)
\set limit 20
BEGIN;
SELECT "id", "version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at", "deleted_by", "name", "short_name", "kind", "status", "level", "industry", "business", "source", "parent_id", "phone", "fax", "email", "website", "contact_name", "contact_title", "region", "address", "city", "state", "postal_code", "country", "uscc", "invoice_title", "invoice_address", "invoice_phone", "bank_name", "bank_account", "employees", "annual_revenue", "amount", "owner_id", "next_follow_on", "last_followed_at", "contact_count", "source_created_at", "external_id", "dept_id" FROM "crm_customer" WHERE "id" = «:id» FOR UPDATE;
{aside}
SELECT pg_advisory_xact_lock(h) FROM (SELECT DISTINCT hashtextextended(k, 0) AS h FROM unnest(«ARRAY['dup.phone.+8613' || :tail]»::text[]) AS k ORDER BY h) AS s;
SELECT "id", "phone", "name", "owner_id", "dept_id" FROM "crm_customer" WHERE "phone_n" = «'+8613' || :tail» AND deleted_at IS NULL ORDER BY id LIMIT «:limit»;
UPDATE "crm_customer" SET "phone" = «'13' || :tail», "phone_n" = «'+8613' || :tail», "version" = «version + 1», "updated_at" = «1795345418770520», "updated_by" = «1» WHERE id = «:id» AND version = «version»;
SELECT key FROM history_key WHERE record_id = «:id»;
INSERT INTO history_key (record_id, key) VALUES («:id», «'\x01772cdcf8a3ff2fbf0f137a7a8853d489045217e4305406ea7057e942b602cb9f23da350e7cb307e591fc993c4247186e03b41567083f480a5eaf9cf26d2f201426017e1968b84b0411008a0c'»)‹ ON CONFLICT DO NOTHING›;
{follow}
{read}
COMMIT;
