\set id random(2000000000, 9000000000000000)
\set tail random(100000000, 999999999)
\set limit 20
BEGIN;
SELECT pg_advisory_xact_lock(h) FROM (SELECT DISTINCT hashtextextended(k, 0) AS h FROM unnest(«ARRAY['dup.name.' || :tail, 'dup.phone.+8613' || :tail]»::text[]) AS k ORDER BY h) AS s;
SELECT "id", "name", "owner_id", "dept_id" FROM "crm_customer" WHERE "name_c" = «'云腾网络科技' || :tail» AND deleted_at IS NULL ORDER BY id LIMIT «:limit»;
SELECT "id", "phone", "name", "owner_id", "dept_id" FROM "crm_customer" WHERE "phone_n" = «'+8613' || :tail» AND deleted_at IS NULL ORDER BY id LIMIT «:limit»;
INSERT INTO "crm_customer" ("id", "version", "created_at", "created_by", "updated_at", "updated_by", "deleted_at", "deleted_by", "name", "name_k", "name_c", "name_s", "short_name", "short_name_k", "short_name_s", "kind", "status", "level", "industry", "business", "source", "parent_id", "phone", "phone_n", "fax", "email", "website", "contact_name", "contact_name_k", "contact_title", "region", "address", "city", "state", "postal_code", "country", "uscc", "invoice_title", "invoice_address", "invoice_phone", "bank_name", "bank_account", "employees", "annual_revenue", "amount", "owner_id", "next_follow_on", "last_followed_at", "contact_count", "source_created_at", "source_updated_at", "external_id", "dept_id") VALUES («:id», «1», «1795345419165664», «1», «1795345419165664», «1», «NULL», «NULL», «'浙江云腾网络科技有限公司'», «'浙江云腾网络科技有限公司'», «'云腾网络科技' || :tail», «'媤媤⭜瘋媤媤⭜瘋媤媤⭜瘋'», «NULL», «NULL», «NULL», «'company'», «'lead'», «NULL», «'software'», «NULL», «'web'», «NULL», «'13' || :tail», «'+8613' || :tail», «NULL», «'kf1@corp1.example'», «NULL», «NULL», «NULL», «NULL», «'330000'», «NULL», «NULL», «NULL», «NULL», «NULL», «NULL», «NULL», «NULL», «NULL», «NULL», «NULL», «NULL», «NULL», «:tail», «1 + :tail % 200», «NULL», «NULL», «NULL», «1795345419165664», «NULL», «NULL», «1 + :tail % 20»);
INSERT INTO "crm_customer_long" ("id", "field", "text") VALUES («:id», «'remark'», «'第 1 号客户,经web来,主营教育咨询,需跟进'»);
{follow}
COMMIT;
