\set id random(2000000000, 9000000000000000)
\set tail random(100000000, 999999999)
BEGIN;
SELECT pg_advisory_xact_lock(h) FROM (SELECT DISTINCT hashtextextended(k, 0) AS h FROM unnest(ARRAY['dup.name.' || :tail, 'dup.phone.+8613' || :tail]) AS k ORDER BY h) AS s;
SELECT id, name, owner_id, dept_id FROM crm_customer WHERE name_c = '云腾网络科技' || :tail AND deleted_at IS NULL ORDER BY id LIMIT 20;
SELECT id, phone, name, owner_id, dept_id FROM crm_customer WHERE phone_n = '+8613' || :tail AND deleted_at IS NULL ORDER BY id LIMIT 20;
INSERT INTO crm_customer (id, version, created_at, created_by, updated_at, updated_by, name, name_k, name_c, name_s, kind, status, industry, source, phone, phone_n, email, region, amount, owner_id, source_created_at)
VALUES (:id, 1, 1795345419165664, 1, 1795345419165664, 1, '浙江云腾网络科技有限公司', '浙江云腾网络科技有限公司', '云腾网络科技' || :tail, '媤媤⭜瘋媤媤⭜瘋媤媤⭜瘋', 'company', 'lead', 'software', 'web', '13' || :tail, '+8613' || :tail, 'kf1@corp1.example', '330000', :tail, 1 + :tail % 200, 1795345419165664);
INSERT INTO crm_customer_long (id, field, text) VALUES (:id, 'remark', '第 1 号客户,经web来,主营教育咨询,需跟进');
{follow}
{read}
COMMIT;
