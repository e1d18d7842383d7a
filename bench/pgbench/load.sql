-- The floor's table on PostgreSQL; customers.csv is what `gxbench csv -header=false` writes.
CREATE TABLE customers (
  id bigint PRIMARY KEY, name text COLLATE "C" NOT NULL, owner bigint NOT NULL, phone text, email text, industry text,
  region text, status text COLLATE "C", source text, amount numeric(14,2), created_at timestamptz, remark text);
\copy customers from pstdin with (format csv)
CREATE INDEX c_owner ON customers(owner, status, created_at);
CREATE INDEX c_status ON customers(status, created_at);
CREATE INDEX c_created ON customers(created_at);
CREATE SEQUENCE new_id;
SELECT setval('new_id', (SELECT max(id) FROM customers));
VACUUM ANALYZE customers;
