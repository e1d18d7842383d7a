\set owner random(1, 200)
\set cents random(100000, 500000000)
INSERT INTO customers(id, name, owner, phone, email, industry, region, status, source, amount, created_at, remark)
VALUES (nextval('new_id'), '浙江云腾网络科技有限公司', :owner, '13900000000', 'kf0@corp0.example', '软件', '浙江', 'lead', 'web', :cents / 100.0, '2025-06-01T08:00:00Z', '第 0 号客户,经web来,主营网络科技,需跟进');
