//! The contract of the `Store` port, which every database must meet; SQLite is one such database.
//!
//! A suite takes a [`Database`], which opens the same database again for each node, so that each node reads
//! the commits of the others.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed expectation is a test's message")]

mod administrators;
mod archive;
mod attempts;
mod configuration;
mod database;
mod events;
mod fixture;
mod identity;
mod jobs;
mod leases;
mod logins;
mod names;
mod parameters;
mod phones;
mod programme;
mod promise;
mod reconcile;
mod sqlite;
mod stay_fixture;
mod stays;
mod visits;

use database::Database;

macro_rules! contract {
    ($($area:ident :: $test:ident),+ $(,)?) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $test() {
            $area::$test(&sqlite::Sqlite::new()).await;
        }
    )+};
}

contract! {
    logins::a_login_begins_and_ends_once,
    logins::a_login_ends_no_earlier_than_it_began,
    logins::phones_are_found_in_the_order_asked,
    logins::refusals_come_in_their_order,
    logins::who_may_end_only_their_own_login_finds_no_right_for_another,
    logins::whoever_may_act_for_all_names_any_profile_that_exists,
    logins::a_request_from_an_address_goes_with_the_phone_that_has_it,
    logins::auto_logout_ends_the_others_in_the_same_transaction,
    logins::time_is_up_on_time_and_for_nobody_else,
    logins::users_are_found_without_case_and_answered_as_stored,
    logins::pages_have_exact_totals_and_find_any_name,
    names::a_phone_is_one_in_any_spelling,
    names::a_profile_is_one_in_any_spelling,
    names::an_application_user_is_one_in_any_spelling,
    names::another_spelling_of_a_name_changes_the_spelling_alone,
    names::a_phone_in_another_spelling_is_found_by_it,
    names::two_spellings_at_once_never_get_two_logins,
    promise::not_allowed_holds_against_many_nodes_at_once,
    promise::auto_logout_leaves_one_against_many_nodes_at_once,
    promise::one_phone_takes_one_of_many_at_once,
    promise::a_change_of_behavior_rules_the_very_next_request,
    events::no_reader_sees_a_number_before_the_one_below_it,
    events::a_snapshot_and_the_events_after_it_miss_nothing,
    configuration::applying_twice_changes_nothing,
    configuration::what_is_not_named_stays,
    configuration::what_contradicts_changes_nothing,
    configuration::a_dry_run_changes_nothing,
    configuration::a_dry_run_says_of_another_spelling_what_the_run_does,
    configuration::logins_go_on_while_a_large_change_is_applied,
    configuration::a_large_change_goes_on_where_it_was_cut_off,
    configuration::a_request_authenticated_before_a_change_is_sent_back,
    configuration::disabling_and_a_new_pin_end_logins,
    parameters::the_second_of_two_savers_sees_what_the_first_did,
    parameters::changes_are_remembered_with_who_when_and_from_what,
    parameters::a_file_that_sets_a_time_limit_enforces_it,
    parameters::a_file_names_a_parameter_once,
    jobs::a_job_ends_what_was_open_when_it_was_made_and_nothing_else,
    identity::a_visiting_john_is_not_the_local_one,
    identity::a_phone_of_another_cluster_is_not_the_local_one,
    identity::the_guards_hold_for_each_cluster_apart,
    jobs::a_job_ends_what_is_open_whatever_the_clock_says,
    jobs::a_job_goes_on_where_it_was,
    jobs::a_cancelled_job_leaves_the_rest,
    jobs::extra_logins_are_all_but_the_newest_of_each_user,
    jobs::the_logins_of_a_scope_are_counted_and_the_first_are_named,
    jobs::past_a_limit_are_those_whom_no_other_limit_holds,
    archive::history_is_found_counted_and_paged,
    archive::a_walk_meets_each_ended_login_once_whatever_ends_meanwhile,
    archive::the_audit_is_found_by_address_and_walked,
    archive::a_phone_shows_its_logins_profile_and_then_its_own,
    archive::refusals_that_are_alike_are_one_row_and_its_events_are_counted,
    archive::what_is_kept_long_enough_is_forgotten_in_steps,
    archive::the_last_event_stays_however_old_it_is,
    phones::a_user_is_found_by_a_number_and_a_shared_one_finds_two,
    phones::the_site_and_accounts_are_kept_and_no_difference_shows_a_password,
    phones::phones_are_found_by_what_people_read,
    leases::one_holder_at_a_time,
    administrators::of_two_administrators_who_go_at_once_one_stays,
    administrators::an_administrator_is_one_in_any_spelling,
    administrators::a_change_of_an_administrator_ends_their_sessions_alone,
    attempts::tallies_come_back_as_they_were_stored_until_they_are_forgotten,
    attempts::the_sources_of_a_name_are_bounded_and_those_used_last_are_kept,
    attempts::rows_of_the_audit_are_written_with_the_rest,
    visits::a_held_phone_takes_nobody_until_the_intent_is_due,
    visits::another_intent_or_the_timer_gives_up_one_that_is_due,
    visits::a_visit_begins_only_where_home_has_admitted_the_user,
    visits::a_visit_shows_what_home_says_until_it_ends,
    visits::home_ends_the_stay_that_it_means_and_no_other,
    visits::a_visiting_john_obeys_his_own_home,
    stays::who_may_go_elsewhere_is_refused_in_its_order,
    stays::a_stay_is_the_users_at_the_phone_of_the_other_cluster,
    stays::the_time_elsewhere_is_the_users_or_the_parameters,
    stays::the_end_of_a_stay_is_told_unless_it_is_known,
    stays::a_question_that_comes_twice_or_late_begins_nothing,
    stays::multiple_login_behavior_rules_both_kinds_of_login,
    stays::before_release_12_5_stays_neither_count_nor_are_ended,
    stays::who_may_no_longer_go_elsewhere_is_called_back,
    stays::logins_are_found_by_the_other_cluster,
    jobs::jobs_of_parameters_know_stays_from_logins,
    reconcile::the_visiting_cluster_says_which_stays_are_over,
    reconcile::the_home_cluster_says_which_stays_are_over,
    reconcile::what_the_other_cluster_has_lost_ends_here_and_nothing_else,
    reconcile::stays_are_walked_in_the_order_of_their_identities,
    reconcile::a_visit_without_limit_ends_after_seven_days_unless_confirmed,
    reconcile::a_visit_that_home_limits_ends_soon_after_its_time,
    reconcile::farewells_are_kept_for_each_cluster_until_acknowledged,
}

#[test]
fn a_database_and_the_model_answer_and_show_the_same() {
    programme::both_answer_and_show_the_same(sqlite::Sqlite::new);
}

/// A node on a database.
type Node = std::sync::Arc<dyn engine::ports::Store>;

async fn nodes(database: &impl Database, count: usize) -> Vec<Node> {
    let mut nodes = Vec::with_capacity(count);
    for _ in 0..count {
        nodes.push(database.node().await);
    }
    nodes
}
