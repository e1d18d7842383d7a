\set owner random(1, 200)
\set s random(1, 5)
SELECT count(*) FROM (SELECT 1 FROM customers WHERE owner = :owner AND status = (ARRAY['lead','contacted','negotiating','won','lost'])[:s] LIMIT 10001) capped;
SELECT id, name, owner, phone, email, industry, region, status, source, amount, created_at, remark FROM customers WHERE owner = :owner AND status = (ARRAY['lead','contacted','negotiating','won','lost'])[:s] ORDER BY created_at DESC LIMIT 51;
