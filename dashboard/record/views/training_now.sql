-- One row per training that was not revoked.
create or replace view training_now as
select * exclude (turn)
from (select *, row_number() over (partition by training_id order by version desc) as turn from training)
where turn = 1 and not revoked
