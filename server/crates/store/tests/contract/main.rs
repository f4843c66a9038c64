//! The contract of the `Store` port, which every database must meet; so far, SQLite runs under it.
//!
//! A suite takes a [`Database`], which opens the same database again for each node, so that each node
//! reads the commits of the others.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a failed expectation is a test's message")]

mod administrators;
mod archive;
mod attempts;
mod configuration;
mod database;
mod directory;
mod emcc_settings;
mod events;
mod filters;
mod find;
mod fixture;
mod forced;
mod identity;
mod jobs;
mod leases;
mod log_out_rules;
mod logins;
mod names;
mod parameters;
mod phones;
mod pins;
mod programme;
mod promise;
mod reconcile;
mod records;
mod sqlite;
mod stay_fixture;
mod stays;
mod users;
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
    directory::users_are_listed_by_what_they_are_and_do,
    directory::phones_are_listed_by_what_they_are_and_do,
    directory::profiles_and_application_users_are_listed,
    records::a_removed_user_is_logged_out_everywhere,
    records::a_removed_phone_is_logged_out,
    records::a_removed_profile_is_taken_from_its_users_and_ends_their_logins,
    records::nothing_is_removed_of_which_more_depends_than_was_seen,
    records::a_removal_is_in_the_audit_without_secrets,
    records::an_edit_changes_what_its_editor_has_seen_alone,
    records::a_new_record_never_replaces_one,
    records::a_change_of_existing_rows_adds_none,
    records::an_account_never_outlives_its_line,
    logins::a_login_begins_and_ends_once,
    logins::a_login_never_ends_before_its_beginning,
    logins::phones_are_found_in_the_order_asked,
    logins::refusals_come_in_their_order,
    logins::a_user_without_the_proxy_right_ends_only_the_own_login,
    logins::a_client_with_the_proxy_right_may_name_any_existing_profile,
    logins::a_request_from_an_address_concerns_only_the_phone_of_that_address,
    logins::auto_logout_ends_the_others_in_the_same_transaction,
    logins::due_logins_end_before_those_that_auto_logout_ends,
    logins::logins_expire_on_time_and_others_stay_open,
    logins::users_are_found_without_case_and_answered_as_stored,
    logins::pages_have_exact_totals_and_find_any_name,
    filters::a_filter_finds_all_that_a_row_shows,
    names::all_spellings_of_a_name_are_one_phone,
    names::all_spellings_of_a_name_are_one_profile,
    names::all_spellings_of_a_name_are_one_application_user,
    names::another_spelling_of_a_name_changes_the_spelling_alone,
    names::a_phone_is_found_by_its_new_spelling,
    names::two_spellings_at_once_never_get_two_logins,
    promise::not_allowed_holds_against_many_nodes_at_once,
    promise::auto_logout_leaves_one_login_against_many_nodes_at_once,
    promise::one_phone_takes_one_of_many_concurrent_log_ins,
    promise::a_change_of_behavior_holds_at_the_next_request,
    events::no_reader_sees_a_number_before_a_lower_one,
    events::a_snapshot_and_the_events_after_it_miss_nothing,
    configuration::applying_twice_changes_nothing,
    configuration::fields_without_a_value_stay_unchanged,
    configuration::a_contradictory_change_is_refused_as_a_whole,
    configuration::a_dry_run_changes_nothing,
    configuration::a_dry_run_and_the_run_report_the_same_for_another_spelling,
    configuration::logins_go_on_while_a_large_change_is_applied,
    configuration::an_interrupted_large_change_is_completed_by_the_next_run,
    configuration::a_request_authenticated_before_a_change_is_sent_back,
    configuration::disabling_and_a_new_pin_end_logins,
    parameters::the_second_of_two_saves_gets_a_conflict_with_the_first,
    parameters::changes_are_kept_with_actor_time_and_old_value,
    parameters::changes_are_kept_with_their_note_which_the_audit_has_too,
    parameters::a_file_that_sets_a_time_limit_enforces_it,
    parameters::a_file_names_a_parameter_once,
    jobs::a_job_ends_only_the_logins_that_were_open_at_its_creation,
    identity::a_visitor_is_not_the_local_user_of_the_same_id,
    identity::a_phone_of_another_cluster_is_not_the_local_phone_of_that_name,
    identity::the_guards_hold_for_each_cluster_separately,
    jobs::a_job_ends_open_logins_after_the_clock_was_set_back,
    jobs::a_job_continues_with_the_rest_of_its_list,
    jobs::a_cancelled_job_leaves_the_rest,
    jobs::extra_logins_are_all_but_the_newest_of_each_user,
    jobs::the_logins_of_a_scope_are_counted_and_the_first_are_named,
    jobs::logins_past_a_limit_are_those_without_a_limit_of_their_own,
    archive::history_is_found_counted_and_paged,
    archive::a_walk_meets_each_ended_login_once_beside_new_ones,
    archive::the_audit_is_found_by_address_and_walked,
    archive::a_phone_shows_the_profile_of_its_login_and_else_its_own_lines,
    archive::refusals_are_found_walked_and_tell_the_login_in_their_way,
    archive::equal_refusals_are_one_row_and_their_events_are_counted,
    archive::rows_past_their_retention_are_deleted_in_steps,
    archive::what_is_counted_as_past_its_retention_is_what_is_deleted,
    archive::the_last_event_is_never_deleted,
    phones::a_user_is_found_by_a_number_and_a_shared_one_finds_two,
    phones::the_site_and_accounts_are_kept_and_no_difference_shows_a_password,
    phones::phones_are_found_by_name_and_model,
    find::names_are_found_by_their_beginning_first,
    users::a_user_has_settings_logins_and_refusals_and_no_secret,
    users::a_user_of_another_cluster_is_known_by_logins_alone,
    emcc_settings::a_new_remote_cluster_is_enabled_as_the_setting_says,
    emcc_settings::a_dry_run_of_a_large_change_enables_what_the_run_enables,
    emcc_settings::an_inactive_cluster_has_no_partners,
    pins::a_changed_pin_ends_no_login_and_the_former_ones_are_kept,
    pins::the_rules_for_pins_are_kept,
    forced::a_forced_log_in_ends_the_named_logins_alone,
    forced::a_forced_log_in_obeys_every_other_rule,
    forced::a_forced_log_in_ends_stays_at_both_clusters,
    forced::below_release_12_5_a_stay_is_not_in_the_way_of_a_forced_log_in,
    leases::one_holder_at_a_time,
    log_out_rules::a_phone_has_its_own_rules_or_the_clusters,
    log_out_rules::a_time_of_the_day_takes_visits_here_and_no_stays_elsewhere,
    log_out_rules::a_clock_that_was_set_back_loses_no_log_out,
    log_out_rules::a_login_that_begins_while_the_operation_waits_goes_on,
    log_out_rules::a_time_of_the_day_takes_each_login_of_its_phones_once,
    administrators::one_of_two_concurrently_removed_administrators_remains,
    administrators::all_spellings_of_a_name_are_one_administrator,
    administrators::a_change_of_an_administrator_ends_their_sessions_alone,
    attempts::tallies_are_read_back_as_stored_until_their_deletion,
    attempts::the_sources_of_a_name_are_bounded_to_the_last_used_ones,
    attempts::audit_rows_are_written_with_the_tallies,
    visits::a_held_phone_refuses_log_ins_until_the_intent_is_due,
    visits::a_due_intent_is_given_up_by_another_intent_or_the_timer,
    visits::a_visit_begins_only_if_the_home_cluster_admits_the_user,
    visits::a_visit_shows_the_home_clusters_configuration_until_its_end,
    visits::the_home_cluster_ends_only_the_named_stay,
    visits::a_visitor_follows_the_rules_of_the_home_cluster,
    stays::refusals_of_home_logins_come_in_their_order,
    stays::a_stay_is_at_the_phone_of_the_visiting_cluster,
    stays::a_stay_has_the_users_own_limit_or_the_parameters,
    stays::the_end_of_a_stay_is_sent_unless_the_peer_reported_it,
    stays::a_repeated_or_late_question_begins_no_stay,
    stays::multiple_login_behavior_counts_logins_and_stays,
    stays::before_release_12_5_stays_neither_count_nor_are_ended,
    stays::a_user_who_loses_the_right_is_logged_out_elsewhere,
    stays::logins_are_found_by_the_other_cluster,
    jobs::jobs_of_parameters_tell_stays_from_logins,
    reconcile::the_visiting_cluster_answers_which_stays_are_over,
    reconcile::the_home_cluster_answers_which_stays_are_over,
    reconcile::only_stays_that_the_peer_reports_as_over_end,
    reconcile::stays_are_walked_in_the_order_of_their_identities,
    reconcile::a_visit_without_limit_ends_after_seven_days_unless_confirmed,
    reconcile::a_visit_with_a_limit_at_home_ends_soon_after_its_time,
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
