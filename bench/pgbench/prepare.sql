-- A second set of the product's own tables, with the same columns, indexes and
-- rows, but with the customers numbered 1..rows and their owners 1..200, so
-- that pgbench can draw them. :source is the product's schema.
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS plain CASCADE;
CREATE SCHEMA plain;
SELECT format('CREATE TABLE plain.%I (LIKE %I.%I INCLUDING ALL)', table_name, table_schema, table_name)
FROM information_schema.tables
WHERE table_schema = :'source' AND table_name IN ('crm_customer', 'crm_customer_long', 'crm_customer__tags', 'crm_customer__phones',
  'crm_customer__attachments', 'crm_customer_address', 'crm_customer_invoice_title', 'history', 'history_key', 'audit', 'outbox', 'search_dirty', 'tx_base') \gexec
SELECT string_agg(format('%I', column_name), ', ' ORDER BY ordinal_position) AS columns
FROM information_schema.columns
WHERE table_schema = :'source' AND table_name = 'crm_customer' AND column_name NOT IN ('id', 'owner_id') \gset
CREATE TABLE plain.owner AS SELECT id, substr(login, 6)::bigint AS number FROM :"source".org_member WHERE login LIKE 'sales%';
INSERT INTO plain.crm_customer (id, owner_id, :columns)
SELECT external_id::bigint, (SELECT number FROM plain.owner WHERE owner.id = owner_id), :columns FROM :"source".crm_customer;
INSERT INTO plain.crm_customer_long (id, field, text)
SELECT c.external_id::bigint, l.field, l.text FROM :"source".crm_customer_long l JOIN :"source".crm_customer c USING (id);
INSERT INTO plain.tx_base SELECT * FROM :"source".tx_base;
SELECT format('CREATE SEQUENCE plain.new_id START %s CACHE 100', 1000000000) \gexec
VACUUM ANALYZE;
