\set id random(1, :rows)
SELECT id, name, owner, phone, email, industry, region, status, source, amount, created_at, remark FROM customers WHERE id = :id;
