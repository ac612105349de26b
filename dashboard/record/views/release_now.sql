-- One row per release, as its latest version has it; the withdrawn ones too.
create or replace view release_now as
select * exclude (turn)
from (select *, row_number() over (partition by release_id order by version desc) as turn from release)
where turn = 1
