-- One row per account, as its latest version has it; the disabled ones too.
create or replace view account_now as
select * exclude (turn)
from (select *, row_number() over (partition by account_id order by version desc) as turn from account)
where turn = 1
