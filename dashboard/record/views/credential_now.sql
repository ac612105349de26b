-- One row per account that has a password, with the latest one's hash.
create or replace view credential_now as
select * exclude (turn)
from (select *, row_number() over (partition by account_id order by version desc) as turn from credential)
where turn = 1
