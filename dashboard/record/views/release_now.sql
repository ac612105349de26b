-- One row per release, as its latest version has it, whatever became of it, with when it was first drafted and published
-- and by whom it was published.
create or replace view release_now as
select * exclude (turn)
from (
    select
        * replace (case when withdrawn then 'withdrawn' else coalesce(nullif(state, ''), 'published') end as state),
        row_number() over (partition by release_id order by version desc) as turn,
        min(recorded_at) over (partition by release_id) as drafted_at,
        min(version) filter (where not withdrawn and coalesce(nullif(state, ''), 'published') = 'published')
            over (partition by release_id) as published_in,
        min(recorded_at) filter (where not withdrawn and coalesce(nullif(state, ''), 'published') = 'published')
            over (partition by release_id) as published_at,
        arg_min(by_account, version) filter (where not withdrawn and coalesce(nullif(state, ''), 'published') = 'published')
            over (partition by release_id) as published_by
    from release
)
where turn = 1
