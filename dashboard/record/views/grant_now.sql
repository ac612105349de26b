-- One row per grant that was not revoked; whether its dates hold today is the reader's question.
create or replace view grant_now as
select * exclude (turn)
from (select *, row_number() over (partition by grant_id order by version desc) as turn from grants)
where turn = 1 and not revoked
