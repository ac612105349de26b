-- One row per decision, as its latest version has it; the withdrawn ones too.
create or replace view decision_now as
select * exclude (turn)
from (select *, row_number() over (partition by decision_id order by version desc) as turn from decision)
where turn = 1
