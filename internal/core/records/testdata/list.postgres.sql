
## crm.customer status == "won" by -source_created_at

-- all
SELECT t."id", t."name", t."source_created_at" FROM "crm_customer" t WHERE t.deleted_at IS NULL AND t."status" = $1 ORDER BY t."source_created_at" DESC NULLS LAST, t.id DESC LIMIT $2

-- own
SELECT t."id", t."name", t."source_created_at" FROM "crm_customer" t WHERE t."owner_id" = $1 AND t.deleted_at IS NULL AND t."status" = $2 ORDER BY t."source_created_at" DESC NULLS LAST, t.id DESC LIMIT $3

-- subordinates
SELECT t."id", t."name", t."source_created_at" FROM "crm_customer" t WHERE t."owner_id" = $1 AND t.deleted_at IS NULL AND t."status" = $2 ORDER BY t."source_created_at" DESC NULLS LAST, t.id DESC LIMIT $3

-- tree
SELECT t."id", t."name", t."source_created_at" FROM "crm_customer" t WHERE t."dept_id" = $1 AND t.deleted_at IS NULL AND t."status" = $2 ORDER BY t."source_created_at" DESC NULLS LAST, t.id DESC LIMIT $3

-- both
SELECT t."id", t."name", t."source_created_at" FROM "crm_customer" t WHERE t.id IN (SELECT id FROM (SELECT t1.id FROM "crm_customer" t1 WHERE t1."owner_id" = $1 AND t1.deleted_at IS NULL AND NOT coalesce(t1."owner_id" = $2, FALSE) AND t1."status" = $3 ORDER BY t1."source_created_at" DESC NULLS LAST, t1.id DESC LIMIT $4) xt1 UNION SELECT id FROM (SELECT t2.id FROM "crm_customer" t2 WHERE t2."dept_id" = $5 AND t2.deleted_at IS NULL AND NOT coalesce(t2."owner_id" = $6, FALSE) AND t2."status" = $7 ORDER BY t2."source_created_at" DESC NULLS LAST, t2.id DESC LIMIT $8) xt2) ORDER BY t."source_created_at" DESC NULLS LAST, t.id DESC LIMIT $9

-- none
(nothing is asked)

## crm.customer owner == me and amount >= 100 and not (name contains "云" or phones == "95588") by name

-- all
SELECT t."id", t."name", t."name_s" FROM "crm_customer" t WHERE t.deleted_at IS NULL AND (t."owner_id" = $1 AND t."amount" >= $2 AND ((t."name_k" IS NULL OR NOT strpos(t."name_k", $3) > 0) AND NOT EXISTS (SELECT 1 FROM "crm_customer__phones" t1 WHERE t1.id = t.id AND t1."norm" = $4))) ORDER BY t."name_s", t.id LIMIT $5

-- own
SELECT t."id", t."name", t."name_s" FROM "crm_customer" t WHERE t."owner_id" = $1 AND t.deleted_at IS NULL AND (t."owner_id" = $2 AND t."amount" >= $3 AND ((t."name_k" IS NULL OR NOT strpos(t."name_k", $4) > 0) AND NOT EXISTS (SELECT 1 FROM "crm_customer__phones" t1 WHERE t1.id = t.id AND t1."norm" = $5))) ORDER BY t."name_s", t.id LIMIT $6

-- subordinates
SELECT t."id", t."name", t."name_s" FROM "crm_customer" t WHERE t."owner_id" = $1 AND t.deleted_at IS NULL AND (t."owner_id" = $2 AND t."amount" >= $3 AND ((t."name_k" IS NULL OR NOT strpos(t."name_k", $4) > 0) AND NOT EXISTS (SELECT 1 FROM "crm_customer__phones" t1 WHERE t1.id = t.id AND t1."norm" = $5))) ORDER BY t."name_s", t.id LIMIT $6

-- tree
SELECT t."id", t."name", t."name_s" FROM "crm_customer" t WHERE t."dept_id" = $1 AND t.deleted_at IS NULL AND (t."owner_id" = $2 AND t."amount" >= $3 AND ((t."name_k" IS NULL OR NOT strpos(t."name_k", $4) > 0) AND NOT EXISTS (SELECT 1 FROM "crm_customer__phones" t1 WHERE t1.id = t.id AND t1."norm" = $5))) ORDER BY t."name_s", t.id LIMIT $6

-- both
SELECT t."id", t."name", t."name_s" FROM "crm_customer" t WHERE t.id IN (SELECT id FROM (SELECT t1.id FROM "crm_customer" t1 WHERE t1."owner_id" = $1 AND t1.deleted_at IS NULL AND NOT coalesce(t1."owner_id" = $2, FALSE) AND (t1."owner_id" = $3 AND t1."amount" >= $4 AND ((t1."name_k" IS NULL OR NOT strpos(t1."name_k", $5) > 0) AND NOT EXISTS (SELECT 1 FROM "crm_customer__phones" t2 WHERE t2.id = t1.id AND t2."norm" = $6))) ORDER BY t1."name_s", t1.id LIMIT $7) xt1 UNION SELECT id FROM (SELECT t3.id FROM "crm_customer" t3 WHERE t3."dept_id" = $8 AND t3.deleted_at IS NULL AND NOT coalesce(t3."owner_id" = $9, FALSE) AND (t3."owner_id" = $10 AND t3."amount" >= $11 AND ((t3."name_k" IS NULL OR NOT strpos(t3."name_k", $12) > 0) AND NOT EXISTS (SELECT 1 FROM "crm_customer__phones" t4 WHERE t4.id = t3.id AND t4."norm" = $13))) ORDER BY t3."name_s", t3.id LIMIT $14) xt3) ORDER BY t."name_s", t.id LIMIT $15

-- none
(nothing is asked)

## crm.customer owner.department.name starts_with "销" and region under "31" and tags is null by -id

-- all
SELECT t."id", t."name", t."id" FROM "crm_customer" t WHERE t.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM "org_member" t1 WHERE t1.id = t."owner_id" AND t1.deleted_at IS NULL AND 1=1 AND EXISTS (SELECT 1 FROM "org_department" t2 WHERE t2.id = t1."department_id" AND t2.deleted_at IS NULL AND 1=1 AND strpos(t2."name_k", $1) = 1)) AND (t."region" >= $2 AND t."region" < $3) AND NOT EXISTS (SELECT 1 FROM "crm_customer__tags" t3 WHERE t3.id = t.id)) ORDER BY t."id" DESC, t.id DESC LIMIT $4

-- own
SELECT t."id", t."name", t."id" FROM "crm_customer" t WHERE t."owner_id" = $1 AND t.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM "org_member" t1 WHERE t1.id = t."owner_id" AND t1.deleted_at IS NULL AND 1=1 AND EXISTS (SELECT 1 FROM "org_department" t2 WHERE t2.id = t1."department_id" AND t2.deleted_at IS NULL AND 1=1 AND strpos(t2."name_k", $2) = 1)) AND (t."region" >= $3 AND t."region" < $4) AND NOT EXISTS (SELECT 1 FROM "crm_customer__tags" t3 WHERE t3.id = t.id)) ORDER BY t."id" DESC, t.id DESC LIMIT $5

-- subordinates
SELECT t."id", t."name", t."id" FROM "crm_customer" t WHERE t."owner_id" = $1 AND t.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM "org_member" t1 WHERE t1.id = t."owner_id" AND t1.deleted_at IS NULL AND 1=1 AND EXISTS (SELECT 1 FROM "org_department" t2 WHERE t2.id = t1."department_id" AND t2.deleted_at IS NULL AND 1=1 AND strpos(t2."name_k", $2) = 1)) AND (t."region" >= $3 AND t."region" < $4) AND NOT EXISTS (SELECT 1 FROM "crm_customer__tags" t3 WHERE t3.id = t.id)) ORDER BY t."id" DESC, t.id DESC LIMIT $5

-- tree
SELECT t."id", t."name", t."id" FROM "crm_customer" t WHERE t."dept_id" = $1 AND t.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM "org_member" t1 WHERE t1.id = t."owner_id" AND t1.deleted_at IS NULL AND 1=1 AND EXISTS (SELECT 1 FROM "org_department" t2 WHERE t2.id = t1."department_id" AND t2.deleted_at IS NULL AND 1=1 AND strpos(t2."name_k", $2) = 1)) AND (t."region" >= $3 AND t."region" < $4) AND NOT EXISTS (SELECT 1 FROM "crm_customer__tags" t3 WHERE t3.id = t.id)) ORDER BY t."id" DESC, t.id DESC LIMIT $5

-- both
SELECT t."id", t."name", t."id" FROM "crm_customer" t WHERE t.id IN (SELECT id FROM (SELECT t1.id FROM "crm_customer" t1 WHERE t1."owner_id" = $1 AND t1.deleted_at IS NULL AND NOT coalesce(t1."owner_id" = $2, FALSE) AND (EXISTS (SELECT 1 FROM "org_member" t2 WHERE t2.id = t1."owner_id" AND t2.deleted_at IS NULL AND 1=1 AND EXISTS (SELECT 1 FROM "org_department" t3 WHERE t3.id = t2."department_id" AND t3.deleted_at IS NULL AND 1=1 AND strpos(t3."name_k", $3) = 1)) AND (t1."region" >= $4 AND t1."region" < $5) AND NOT EXISTS (SELECT 1 FROM "crm_customer__tags" t4 WHERE t4.id = t1.id)) ORDER BY t1."id" DESC, t1.id DESC LIMIT $6) xt1 UNION SELECT id FROM (SELECT t5.id FROM "crm_customer" t5 WHERE t5."dept_id" = $7 AND t5.deleted_at IS NULL AND NOT coalesce(t5."owner_id" = $8, FALSE) AND (EXISTS (SELECT 1 FROM "org_member" t6 WHERE t6.id = t5."owner_id" AND t6.deleted_at IS NULL AND 1=1 AND EXISTS (SELECT 1 FROM "org_department" t7 WHERE t7.id = t6."department_id" AND t7.deleted_at IS NULL AND 1=1 AND strpos(t7."name_k", $9) = 1)) AND (t5."region" >= $10 AND t5."region" < $11) AND NOT EXISTS (SELECT 1 FROM "crm_customer__tags" t8 WHERE t8.id = t5.id)) ORDER BY t5."id" DESC, t5.id DESC LIMIT $12) xt5) ORDER BY t."id" DESC, t.id DESC LIMIT $13

-- none
(nothing is asked)

## crm.customer created_at == "2026-01-05" and parent.name != "甲" and remark is not null by owner,-amount

-- all
SELECT t."id", t."name", (SELECT t1."name_s" FROM "org_member" t1 WHERE t1.id = t."owner_id" AND 1=1), t."amount" FROM "crm_customer" t WHERE t.deleted_at IS NULL AND ((t."created_at" >= $1 AND t."created_at" < $2) AND NOT EXISTS (SELECT 1 FROM "crm_customer" t2 WHERE t2.id = t."parent_id" AND t2.deleted_at IS NULL AND 1=1 AND t2."name" = $3) AND EXISTS (SELECT 1 FROM "crm_customer_long" l WHERE l.id = t.id AND l.field = $4)) ORDER BY (SELECT t3."name_s" FROM "org_member" t3 WHERE t3.id = t."owner_id" AND 1=1), t."amount" DESC NULLS LAST, t.id DESC LIMIT $5

-- own
SELECT t."id", t."name", (SELECT t1."name_s" FROM "org_member" t1 WHERE t1.id = t."owner_id" AND 1=1), t."amount" FROM "crm_customer" t WHERE t."owner_id" = $1 AND t.deleted_at IS NULL AND ((t."created_at" >= $2 AND t."created_at" < $3) AND NOT EXISTS (SELECT 1 FROM "crm_customer" t2 WHERE t2.id = t."parent_id" AND t2.deleted_at IS NULL AND (t2."owner_id" = $4) AND t2."name" = $5) AND EXISTS (SELECT 1 FROM "crm_customer_long" l WHERE l.id = t.id AND l.field = $6)) ORDER BY (SELECT t3."name_s" FROM "org_member" t3 WHERE t3.id = t."owner_id" AND 1=1), t."amount" DESC NULLS LAST, t.id DESC LIMIT $7

-- subordinates
SELECT t."id", t."name", (SELECT t1."name_s" FROM "org_member" t1 WHERE t1.id = t."owner_id" AND 1=1), t."amount" FROM "crm_customer" t WHERE t."owner_id" = $1 AND t.deleted_at IS NULL AND ((t."created_at" >= $2 AND t."created_at" < $3) AND NOT EXISTS (SELECT 1 FROM "crm_customer" t2 WHERE t2.id = t."parent_id" AND t2.deleted_at IS NULL AND (t2."owner_id" = $4) AND t2."name" = $5) AND EXISTS (SELECT 1 FROM "crm_customer_long" l WHERE l.id = t.id AND l.field = $6)) ORDER BY (SELECT t3."name_s" FROM "org_member" t3 WHERE t3.id = t."owner_id" AND 1=1), t."amount" DESC NULLS LAST, t.id DESC LIMIT $7

-- tree
SELECT t."id", t."name", (SELECT t1."name_s" FROM "org_member" t1 WHERE t1.id = t."owner_id" AND 1=1), t."amount" FROM "crm_customer" t WHERE t."dept_id" = $1 AND t.deleted_at IS NULL AND ((t."created_at" >= $2 AND t."created_at" < $3) AND NOT EXISTS (SELECT 1 FROM "crm_customer" t2 WHERE t2.id = t."parent_id" AND t2.deleted_at IS NULL AND (t2."dept_id" = $4) AND t2."name" = $5) AND EXISTS (SELECT 1 FROM "crm_customer_long" l WHERE l.id = t.id AND l.field = $6)) ORDER BY (SELECT t3."name_s" FROM "org_member" t3 WHERE t3.id = t."owner_id" AND 1=1), t."amount" DESC NULLS LAST, t.id DESC LIMIT $7

-- both
SELECT t."id", t."name", (SELECT t1."name_s" FROM "org_member" t1 WHERE t1.id = t."owner_id" AND 1=1), t."amount" FROM "crm_customer" t WHERE t.id IN (SELECT id FROM (SELECT t2.id FROM "crm_customer" t2 WHERE t2."owner_id" = $1 AND t2.deleted_at IS NULL AND NOT coalesce(t2."owner_id" = $2, FALSE) AND ((t2."created_at" >= $3 AND t2."created_at" < $4) AND NOT EXISTS (SELECT 1 FROM "crm_customer" t3 WHERE t3.id = t2."parent_id" AND t3.deleted_at IS NULL AND (t3."owner_id" = $5 OR t3."dept_id" = $6) AND NOT coalesce(t3."owner_id" = $7, FALSE) AND t3."name" = $8) AND EXISTS (SELECT 1 FROM "crm_customer_long" l WHERE l.id = t2.id AND l.field = $9)) ORDER BY (SELECT t4."name_s" FROM "org_member" t4 WHERE t4.id = t2."owner_id" AND 1=1), t2."amount" DESC NULLS LAST, t2.id DESC LIMIT $10) xt2 UNION SELECT id FROM (SELECT t5.id FROM "crm_customer" t5 WHERE t5."dept_id" = $11 AND t5.deleted_at IS NULL AND NOT coalesce(t5."owner_id" = $12, FALSE) AND ((t5."created_at" >= $13 AND t5."created_at" < $14) AND NOT EXISTS (SELECT 1 FROM "crm_customer" t6 WHERE t6.id = t5."parent_id" AND t6.deleted_at IS NULL AND (t6."owner_id" = $15 OR t6."dept_id" = $16) AND NOT coalesce(t6."owner_id" = $17, FALSE) AND t6."name" = $18) AND EXISTS (SELECT 1 FROM "crm_customer_long" l WHERE l.id = t5.id AND l.field = $19)) ORDER BY (SELECT t7."name_s" FROM "org_member" t7 WHERE t7.id = t5."owner_id" AND 1=1), t5."amount" DESC NULLS LAST, t5.id DESC LIMIT $20) xt5) ORDER BY (SELECT t8."name_s" FROM "org_member" t8 WHERE t8.id = t."owner_id" AND 1=1), t."amount" DESC NULLS LAST, t.id DESC LIMIT $21

-- none
(nothing is asked)

## crm.customer id in ("0000000000001", "0000000000002") by -source_created_at

-- all
SELECT t."id", t."name", t."source_created_at" FROM "crm_customer" t WHERE t.deleted_at IS NULL AND t."id" = ANY((SELECT $1::bigint[])::bigint[]) ORDER BY t."source_created_at" DESC NULLS LAST, t.id DESC LIMIT $2

-- own
SELECT t."id", t."name", t."source_created_at" FROM "crm_customer" t WHERE t."owner_id" = $1 AND t.deleted_at IS NULL AND t."id" = ANY((SELECT $2::bigint[])::bigint[]) ORDER BY t."source_created_at" DESC NULLS LAST, t.id DESC LIMIT $3

-- subordinates
SELECT t."id", t."name", t."source_created_at" FROM "crm_customer" t WHERE t."owner_id" = $1 AND t.deleted_at IS NULL AND t."id" = ANY((SELECT $2::bigint[])::bigint[]) ORDER BY t."source_created_at" DESC NULLS LAST, t.id DESC LIMIT $3

-- tree
SELECT t."id", t."name", t."source_created_at" FROM "crm_customer" t WHERE t."dept_id" = $1 AND t.deleted_at IS NULL AND t."id" = ANY((SELECT $2::bigint[])::bigint[]) ORDER BY t."source_created_at" DESC NULLS LAST, t.id DESC LIMIT $3

-- both
SELECT t."id", t."name", t."source_created_at" FROM "crm_customer" t WHERE t.id IN (SELECT id FROM (SELECT t1.id FROM "crm_customer" t1 WHERE t1."owner_id" = $1 AND t1.deleted_at IS NULL AND NOT coalesce(t1."owner_id" = $2, FALSE) AND t1."id" = ANY((SELECT $3::bigint[])::bigint[]) ORDER BY t1."source_created_at" DESC NULLS LAST, t1.id DESC LIMIT $4) xt1 UNION SELECT id FROM (SELECT t2.id FROM "crm_customer" t2 WHERE t2."dept_id" = $5 AND t2.deleted_at IS NULL AND NOT coalesce(t2."owner_id" = $6, FALSE) AND t2."id" = ANY((SELECT $7::bigint[])::bigint[]) ORDER BY t2."source_created_at" DESC NULLS LAST, t2.id DESC LIMIT $8) xt2) ORDER BY t."source_created_at" DESC NULLS LAST, t.id DESC LIMIT $9

-- none
(nothing is asked)

## crm.customer status != "won" and not (status == "lost" and name != "甲") by -id

-- all
SELECT t."id", t."name", t."id" FROM "crm_customer" t WHERE t.deleted_at IS NULL AND ((t."status" < $1 OR t."status" > $2 OR t."status" IS NULL) AND ((t."status" < $3 OR t."status" > $4 OR t."status" IS NULL) OR t."name" = $5)) ORDER BY t."id" DESC, t.id DESC LIMIT $6

-- own
SELECT t."id", t."name", t."id" FROM "crm_customer" t WHERE t."owner_id" = $1 AND t.deleted_at IS NULL AND ((t."status" < $2 OR t."status" > $3 OR t."status" IS NULL) AND ((t."status" < $4 OR t."status" > $5 OR t."status" IS NULL) OR t."name" = $6)) ORDER BY t."id" DESC, t.id DESC LIMIT $7

-- subordinates
SELECT t."id", t."name", t."id" FROM "crm_customer" t WHERE t."owner_id" = $1 AND t.deleted_at IS NULL AND ((t."status" < $2 OR t."status" > $3 OR t."status" IS NULL) AND ((t."status" < $4 OR t."status" > $5 OR t."status" IS NULL) OR t."name" = $6)) ORDER BY t."id" DESC, t.id DESC LIMIT $7

-- tree
SELECT t."id", t."name", t."id" FROM "crm_customer" t WHERE t."dept_id" = $1 AND t.deleted_at IS NULL AND ((t."status" < $2 OR t."status" > $3 OR t."status" IS NULL) AND ((t."status" < $4 OR t."status" > $5 OR t."status" IS NULL) OR t."name" = $6)) ORDER BY t."id" DESC, t.id DESC LIMIT $7

-- both
SELECT t."id", t."name", t."id" FROM "crm_customer" t WHERE t.id IN (SELECT id FROM (SELECT t1.id FROM "crm_customer" t1 WHERE t1."owner_id" = $1 AND t1.deleted_at IS NULL AND NOT coalesce(t1."owner_id" = $2, FALSE) AND ((t1."status" < $3 OR t1."status" > $4 OR t1."status" IS NULL) AND ((t1."status" < $5 OR t1."status" > $6 OR t1."status" IS NULL) OR t1."name" = $7)) ORDER BY t1."id" DESC, t1.id DESC LIMIT $8) xt1 UNION SELECT id FROM (SELECT t2.id FROM "crm_customer" t2 WHERE t2."dept_id" = $9 AND t2.deleted_at IS NULL AND NOT coalesce(t2."owner_id" = $10, FALSE) AND ((t2."status" < $11 OR t2."status" > $12 OR t2."status" IS NULL) AND ((t2."status" < $13 OR t2."status" > $14 OR t2."status" IS NULL) OR t2."name" = $15)) ORDER BY t2."id" DESC, t2.id DESC LIMIT $16) xt2) ORDER BY t."id" DESC, t.id DESC LIMIT $17

-- none
(nothing is asked)

## crm.contact customer.status in ("won", "lost") and birthday not between "1980-01-01" and "1990-01-01" by -id

-- all
SELECT t."id", t."name", t."id" FROM "crm_contact" t WHERE t.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM "crm_customer" t1 WHERE t1.id = t."customer_id" AND t1.deleted_at IS NULL AND 1=1 AND t1."status" = ANY($1)) AND (t."birthday" < $2 OR t."birthday" > $3)) ORDER BY t."id" DESC, t.id DESC LIMIT $4

-- own
SELECT t."id", t."name", t."id" FROM "crm_contact" t WHERE t.id IN (SELECT id FROM (SELECT t1.id FROM "crm_contact" t1 WHERE t1."owner_id" = $1 AND t1.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM "crm_customer" t2 WHERE t2.id = t1."customer_id" AND t2.deleted_at IS NULL AND (t2."owner_id" = $2) AND t2."status" = ANY($3)) AND (t1."birthday" < $4 OR t1."birthday" > $5)) ORDER BY t1."id" DESC, t1.id DESC LIMIT $6) xt1 UNION SELECT id FROM (SELECT t3.id FROM "crm_contact" t3 WHERE t3."customer_id" IN (SELECT t4.id FROM "crm_customer" t4 WHERE t4."owner_id" = $7 AND t4.deleted_at IS NULL) AND t3.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM "crm_customer" t5 WHERE t5.id = t3."customer_id" AND t5.deleted_at IS NULL AND (t5."owner_id" = $8) AND t5."status" = ANY($9)) AND (t3."birthday" < $10 OR t3."birthday" > $11)) ORDER BY t3."id" DESC, t3.id DESC LIMIT $12) xt3) ORDER BY t."id" DESC, t.id DESC LIMIT $13

-- subordinates
SELECT t."id", t."name", t."id" FROM "crm_contact" t WHERE t.id IN (SELECT id FROM (SELECT t1.id FROM "crm_contact" t1 WHERE t1."owner_id" = $1 AND t1.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM "crm_customer" t2 WHERE t2.id = t1."customer_id" AND t2.deleted_at IS NULL AND (t2."owner_id" = $2) AND t2."status" = ANY($3)) AND (t1."birthday" < $4 OR t1."birthday" > $5)) ORDER BY t1."id" DESC, t1.id DESC LIMIT $6) xt1 UNION SELECT id FROM (SELECT t3.id FROM "crm_contact" t3 WHERE t3."customer_id" IN (SELECT t4.id FROM "crm_customer" t4 WHERE t4."owner_id" = $7 AND t4.deleted_at IS NULL) AND t3.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM "crm_customer" t5 WHERE t5.id = t3."customer_id" AND t5.deleted_at IS NULL AND (t5."owner_id" = $8) AND t5."status" = ANY($9)) AND (t3."birthday" < $10 OR t3."birthday" > $11)) ORDER BY t3."id" DESC, t3.id DESC LIMIT $12) xt3) ORDER BY t."id" DESC, t.id DESC LIMIT $13

-- tree
SELECT t."id", t."name", t."id" FROM "crm_contact" t WHERE t.id IN (SELECT id FROM (SELECT t1.id FROM "crm_contact" t1 WHERE t1."dept_id" = $1 AND t1.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM "crm_customer" t2 WHERE t2.id = t1."customer_id" AND t2.deleted_at IS NULL AND (t2."dept_id" = $2) AND t2."status" = ANY($3)) AND (t1."birthday" < $4 OR t1."birthday" > $5)) ORDER BY t1."id" DESC, t1.id DESC LIMIT $6) xt1 UNION SELECT id FROM (SELECT t3.id FROM "crm_contact" t3 WHERE t3."customer_id" IN (SELECT t4.id FROM "crm_customer" t4 WHERE t4."dept_id" = $7 AND t4.deleted_at IS NULL) AND t3.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM "crm_customer" t5 WHERE t5.id = t3."customer_id" AND t5.deleted_at IS NULL AND (t5."dept_id" = $8) AND t5."status" = ANY($9)) AND (t3."birthday" < $10 OR t3."birthday" > $11)) ORDER BY t3."id" DESC, t3.id DESC LIMIT $12) xt3) ORDER BY t."id" DESC, t.id DESC LIMIT $13

-- both
SELECT t."id", t."name", t."id" FROM "crm_contact" t WHERE t.id IN (SELECT id FROM (SELECT t1.id FROM "crm_contact" t1 WHERE t1."owner_id" = $1 AND t1.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM "crm_customer" t2 WHERE t2.id = t1."customer_id" AND t2.deleted_at IS NULL AND (t2."owner_id" = $2 OR t2."dept_id" = $3) AND NOT coalesce(t2."owner_id" = $4, FALSE) AND t2."status" = ANY($5)) AND (t1."birthday" < $6 OR t1."birthday" > $7)) ORDER BY t1."id" DESC, t1.id DESC LIMIT $8) xt1 UNION SELECT id FROM (SELECT t3.id FROM "crm_contact" t3 WHERE t3."dept_id" = $9 AND t3.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM "crm_customer" t4 WHERE t4.id = t3."customer_id" AND t4.deleted_at IS NULL AND (t4."owner_id" = $10 OR t4."dept_id" = $11) AND NOT coalesce(t4."owner_id" = $12, FALSE) AND t4."status" = ANY($13)) AND (t3."birthday" < $14 OR t3."birthday" > $15)) ORDER BY t3."id" DESC, t3.id DESC LIMIT $16) xt3 UNION SELECT id FROM (SELECT t5.id FROM "crm_contact" t5 WHERE t5."customer_id" IN (SELECT t6.id FROM "crm_customer" t6 WHERE t6."owner_id" = $17 AND t6.deleted_at IS NULL) AND t5.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM "crm_customer" t7 WHERE t7.id = t5."customer_id" AND t7.deleted_at IS NULL AND (t7."owner_id" = $18 OR t7."dept_id" = $19) AND NOT coalesce(t7."owner_id" = $20, FALSE) AND t7."status" = ANY($21)) AND (t5."birthday" < $22 OR t5."birthday" > $23)) ORDER BY t5."id" DESC, t5.id DESC LIMIT $24) xt5 UNION SELECT id FROM (SELECT t8.id FROM "crm_contact" t8 WHERE t8."customer_id" IN (SELECT t9.id FROM "crm_customer" t9 WHERE t9."dept_id" = $25 AND t9.deleted_at IS NULL) AND t8.deleted_at IS NULL AND (EXISTS (SELECT 1 FROM "crm_customer" t10 WHERE t10.id = t8."customer_id" AND t10.deleted_at IS NULL AND (t10."owner_id" = $26 OR t10."dept_id" = $27) AND NOT coalesce(t10."owner_id" = $28, FALSE) AND t10."status" = ANY($29)) AND (t8."birthday" < $30 OR t8."birthday" > $31)) ORDER BY t8."id" DESC, t8.id DESC LIMIT $32) xt8) ORDER BY t."id" DESC, t.id DESC LIMIT $33

-- none
(nothing is asked)
