-- One row per link that was ever sent, used or not.
create or replace view link_now as
select * exclude (turn)
from (select *, row_number() over (partition by link_id order by version desc) as turn from link)
where turn = 1
