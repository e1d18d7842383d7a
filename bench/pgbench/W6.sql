\set id random(1, :rows)
\set tail random(10000000, 99999999)
UPDATE customers SET phone = '139' || :tail WHERE id = :id;
