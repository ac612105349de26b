-- One row per meeting, as its latest version has it; the withdrawn ones too.
create or replace view meeting_now as
select * exclude (turn)
from (select *, row_number() over (partition by meeting_id order by version desc) as turn from meeting)
where turn = 1
