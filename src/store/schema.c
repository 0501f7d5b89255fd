/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "store/db.h"
#include "store/sql.h"

const char store_schema_sql[] =
#include "store/schema.inc"
	;

/* What rules and reports look up. Made once the tables are filled: cheaper than keeping them in order row by row. */
const char store_index_sql[] =
	"CREATE INDEX IF NOT EXISTS link_feeder ON link(feeder);"
	"CREATE INDEX IF NOT EXISTS link_fed ON link(fed);"
	"CREATE INDEX IF NOT EXISTS step_object ON step(object);"
	"CREATE INDEX IF NOT EXISTS span_object ON span(object);"
	"CREATE INDEX IF NOT EXISTS span_state ON span(component, field, state);"
	"CREATE INDEX IF NOT EXISTS snapshot_check_object ON snapshot_check(object, component, field);"
	"CREATE INDEX IF NOT EXISTS obligation_object ON obligation(object);"
	"CREATE INDEX IF NOT EXISTS obligation_kind ON obligation(kind, ending);"
	"CREATE INDEX IF NOT EXISTS verdict_rule ON verdict(rule)";
