/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One component of the plug-in for each trace, one port for each of its data streams, and one sink that takes messages from
 * whichever stream is behind: the library's own muxer gives up on traces whose times of lost events step back.
 */
#include "ingest/ctf/source.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/diag.h"

enum { MAX_TRACES = 64, MAX_STREAMS = 4096, MAX_DEPTH = 8, MAX_PATH = 512, MAX_SUBDIRS = 1024, MAX_OUT = 64 };

struct stream {
	bt_message_iterator *iterator;	/* owned */
	bt_message_array_const messages;	/* owned from at on */
	uint64_t nr, at;
	bool ended;
	struct ctf_item head;
	const bt_message *held;		/* the head's; owned */
	bool has_hole, event_waits;	/* an event that comes behind the hole waits in event */
	bool hole_is_new;		/* its part in front of the packet's first event has not been handed out */
	struct ctf_item hole, event;
	int32_t cpu;
	int64_t last_ns;		/* of its last message with a time */
	bool has_clock;
};

struct ctf_source {
	const char *path;
	struct diag_sink *diag;
	char base[32];			/* path of the directory for the library */
	char trace[MAX_TRACES][MAX_PATH];	/* below base */
	unsigned nr_traces;
	bt_graph *graph;		/* owned */
	unsigned nr_streams;
	struct stream *stream;		/* owned */
	unsigned *heap, nr_heap;	/* owned; streams with a head, by time */
	bool primed, incomplete, failed;
	int given;			/* stream whose head was handed out last, -1: none */
	struct ctf_item out[MAX_OUT];	/* of one run of the graph, which costs more than an item */
	unsigned nr_out, next_out;
	const bt_message *used[MAX_OUT];	/* that the last items were of; owned until the next run */
	unsigned nr_used;
	struct ctf_about about;
};

/* ------------------------------------------------------------------------------------------------------ errors */

/* What the library says last is nearest to the cause. */
static void report(struct ctf_source *cs, enum diag_code code, const char *where)
{
	const bt_error *error = bt_current_thread_take_error();
	const char *text = "";

	if (error && bt_error_get_cause_count(error))
		text = bt_error_cause_get_message(bt_error_borrow_cause_by_index(error, 0));
	diag_report(cs->diag, code, (struct diag_pos){ cs->path, 0, 0 }, "%s%s%.300s", where, *text ? ": " : "", text);
	if (error)
		bt_error_release(error);
	cs->incomplete = true;
}

/* ------------------------------------------------------------------------------------------------- directories */

/* One of the two always; what else there is in a trace, a trace need not have. */
static bool has_metadata(int dir_fd)
{
	struct stat st;

	return !fstatat(dir_fd, "metadata", &st, 0) && S_ISREG(st.st_mode);
}

static void walk(int dir_fd, const char *name, unsigned depth, char (*found)[MAX_PATH], unsigned max, unsigned *nr)
{
	DIR *dir = fdopendir(dir_fd);
	unsigned nr_subdirs = 0;
	struct dirent *entry;

	if (!dir) {
		close(dir_fd);
		return;
	}
	if (has_metadata(dirfd(dir)) && *nr < max)
		snprintf(found[(*nr)++], MAX_PATH, "%s", name);
	while (depth < MAX_DEPTH && *nr < max && nr_subdirs < MAX_SUBDIRS && (entry = readdir(dir))) {
		char sub[MAX_PATH];
		int fd;

		if (entry->d_name[0] == '.' || (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN) ||
		    snprintf(sub, sizeof(sub), "%s/%s", name, entry->d_name) >= (int)sizeof(sub))
			continue;
		fd = openat(dirfd(dir), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		nr_subdirs++;
		if (fd >= 0)
			walk(fd, sub, depth + 1, found, max, nr);
	}
	closedir(dir);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static unsigned find_traces(int dir_fd, char (*found)[MAX_PATH], unsigned max)
{
	int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	unsigned nr = 0;

	if (fd >= 0)
		walk(fd, "", 0, found, max, &nr);
	qsort(found, nr, sizeof(*found), by_name);
	return nr;
}

bool ctf_source_probe(int dir_fd)
{
	char found[1][MAX_PATH];

	return find_traces(dir_fd, found, 1) > 0;
}

/* ----------------------------------------------------------------------------------------------------- messages */

static int64_t clock_ns(const bt_clock_snapshot *snapshot, bool *known)
{
	int64_t ns = 0;

	*known = snapshot && bt_clock_snapshot_get_ns_from_origin(snapshot, &ns) ==
				     BT_CLOCK_SNAPSHOT_GET_NS_FROM_ORIGIN_STATUS_OK;
	return ns;
}

static void note_classes(struct ctf_source *cs, const bt_stream_class *type)
{
	uint64_t nr = bt_stream_class_get_event_class_count(type);

	for (uint64_t i = 0; i < nr && !cs->about.has_qemu; i++) {
		const char *name = bt_event_class_get_name(bt_stream_class_borrow_event_class_by_index_const(type, i));

		cs->about.has_qemu = name && !strncmp(name, "qemu:", 5);
	}
}

static void note_trace(struct ctf_source *cs, const bt_stream *stream)
{
	static const char *const releases[] = { "kernel_release", "tracer_name" };
	const bt_trace *trace = bt_stream_borrow_trace_const(stream);
	const bt_value *domain = bt_trace_borrow_environment_entry_value_by_name_const(trace, "domain");
	const bt_clock_class *clock = bt_stream_class_borrow_default_clock_class_const(bt_stream_borrow_class_const(stream));

	if (domain && bt_value_is_string(domain) && !strcmp(bt_value_string_get(domain), "kernel"))
		cs->about.is_kernel = true;
	for (unsigned i = 0; i < 2 && !cs->about.release[0]; i++) {
		const bt_value *value = bt_trace_borrow_environment_entry_value_by_name_const(trace, releases[i]);

		if (value && bt_value_is_string(value))
			snprintf(cs->about.release, sizeof(cs->about.release), "%s", bt_value_string_get(value));
	}
	if (!clock || cs->about.clock[0])
		return;
	if (bt_clock_class_origin_is_unix_epoch(clock))
		snprintf(cs->about.clock, sizeof(cs->about.clock), "realtime");
	else if (bt_clock_class_get_name(clock))
		snprintf(cs->about.clock, sizeof(cs->about.clock), "%s", bt_clock_class_get_name(clock));
}

static void begin_stream(struct ctf_source *cs, struct stream *st, const bt_message *msg)
{
	const bt_stream *stream = bt_message_stream_beginning_borrow_stream_const(msg);

	st->has_clock = bt_stream_class_borrow_default_clock_class_const(bt_stream_borrow_class_const(stream)) != NULL;
	note_trace(cs, stream);
	note_classes(cs, bt_stream_borrow_class_const(stream));
}

/* LTTng has the CPU in the packet. */
static void begin_packet(struct stream *st, const bt_message *msg)
{
	enum { MAX_CPU = 1 << 16 };
	const bt_field *context = bt_packet_borrow_context_field_const(bt_message_packet_beginning_borrow_packet_const(msg));
	const bt_field *cpu = context ? bt_field_structure_borrow_member_field_by_name_const(context, "cpu_id") : NULL;
	uint64_t value = UINT64_MAX;

	if (cpu && bt_field_class_type_is(bt_field_get_class_type(cpu), BT_FIELD_CLASS_TYPE_UNSIGNED_INTEGER))
		value = bt_field_integer_unsigned_get_value(cpu);
	st->cpu = value < MAX_CPU ? (int32_t)value : -1;
}

static void take_event(struct stream *st, const bt_message *msg)
{
	bool known = false;
	int64_t ns = st->has_clock ? clock_ns(bt_message_event_borrow_default_clock_snapshot_const(msg), &known) : 0;

	/* a stream's own order stands, whatever its clock does */
	if (!known || ns < st->last_ns)
		ns = st->last_ns;
	st->last_ns = ns;
	st->event = (struct ctf_item){
		.kind = CTF_EVENT, .event = bt_message_event_borrow_event_const(msg), .t_lo_ns = ns, .t_hi_ns = ns,
		.has_time = known, .cpu = st->cpu,
	};
}

/*
 * What was lost in front of a packet or within it lies before the packet's end. Most likely it was in front, where the
 * tracer had no room: so a hole comes before the packet's first event, with the number, and another one behind the last event
 * that it could stand between (advance()). Several that overlap are one.
 */
static void add_hole(struct stream *st, const bt_clock_snapshot *from, const bt_clock_snapshot *to, uint64_t nr_lost)
{
	bool has_from, has_to;
	int64_t lo = clock_ns(from, &has_from), hi = clock_ns(to, &has_to);

	if (!has_to || hi < st->last_ns)
		hi = st->last_ns;
	if (!has_from || lo > hi)
		lo = st->last_ns;
	if (!st->has_hole) {
		st->hole = (struct ctf_item){ .kind = CTF_LOST, .t_lo_ns = lo, .t_hi_ns = hi, .has_time = has_to, .cpu = st->cpu,
					      .nr_lost = nr_lost };
		st->has_hole = st->hole_is_new = true;
		return;
	}
	if (hi > st->hole.t_hi_ns)
		st->hole.t_hi_ns = hi;
	/* of one part nobody knows how many there were */
	if (st->hole_is_new)
		nr_lost = nr_lost && st->hole.nr_lost && nr_lost <= INT64_MAX - st->hole.nr_lost ? st->hole.nr_lost + nr_lost : 0;
	st->hole.nr_lost = nr_lost;
	st->hole_is_new = true;
}

static void take_lost_events(struct stream *st, const bt_message *msg)
{
	const bt_stream_class *type = bt_stream_borrow_class_const(bt_message_discarded_events_borrow_stream_const(msg));
	bool timed = st->has_clock && bt_stream_class_discarded_events_have_default_clock_snapshots(type);
	uint64_t nr = 0;

	if (bt_message_discarded_events_get_count(msg, &nr) != BT_PROPERTY_AVAILABILITY_AVAILABLE)
		nr = 0;
	add_hole(st, timed ? bt_message_discarded_events_borrow_beginning_default_clock_snapshot_const(msg) : NULL,
		 timed ? bt_message_discarded_events_borrow_end_default_clock_snapshot_const(msg) : NULL, nr);
}

/* How many events there were in them nobody knows. */
static void take_lost_packets(struct stream *st, const bt_message *msg)
{
	const bt_stream_class *type = bt_stream_borrow_class_const(bt_message_discarded_packets_borrow_stream_const(msg));
	bool timed = st->has_clock && bt_stream_class_discarded_packets_have_default_clock_snapshots(type);

	add_hole(st, timed ? bt_message_discarded_packets_borrow_beginning_default_clock_snapshot_const(msg) : NULL,
		 timed ? bt_message_discarded_packets_borrow_end_default_clock_snapshot_const(msg) : NULL, 0);
}

/* True where the message is an event. */
static bool take_message(struct ctf_source *cs, struct stream *st, const bt_message *msg)
{
	switch (bt_message_get_type(msg)) {
	case BT_MESSAGE_TYPE_STREAM_BEGINNING:
		begin_stream(cs, st, msg);
		return false;
	case BT_MESSAGE_TYPE_PACKET_BEGINNING:
		begin_packet(st, msg);
		return false;
	case BT_MESSAGE_TYPE_EVENT:
		take_event(st, msg);
		return true;
	case BT_MESSAGE_TYPE_DISCARDED_EVENTS:
		take_lost_events(st, msg);
		return false;
	case BT_MESSAGE_TYPE_DISCARDED_PACKETS:
		take_lost_packets(st, msg);
		return false;
	default:
		return false;
	}
}

/* Its item may still be in use. */
static void drop_held(struct ctf_source *cs, struct stream *st)
{
	if (st->held)
		cs->used[cs->nr_used++] = st->held;
	st->held = NULL;
}

static void put_used(struct ctf_source *cs)
{
	while (cs->nr_used)
		bt_message_put_ref(cs->used[--cs->nr_used]);
}

/* False at the stream's end, or where it cannot be read on. */
static bool fetch(struct ctf_source *cs, struct stream *st)
{
	st->at = st->nr = 0;
	switch (bt_message_iterator_next(st->iterator, &st->messages, &st->nr)) {
	case BT_MESSAGE_ITERATOR_NEXT_STATUS_OK:
		return true;
	case BT_MESSAGE_ITERATOR_NEXT_STATUS_AGAIN:
		/* files never ask for patience */
	case BT_MESSAGE_ITERATOR_NEXT_STATUS_END:
		break;
	default:
		report(cs, DIAG_BAD_DATA, "a stream cannot be read on");
		st->nr = 0;
	}
	st->ended = true;
	return false;
}

/* The next event of the stream, kept in event and held; false where there is none. */
static bool next_event(struct ctf_source *cs, struct stream *st)
{
	drop_held(cs, st);
	while (!st->ended) {
		if (st->at == st->nr && !fetch(cs, st))
			return false;
		while (st->at < st->nr) {
			const bt_message *msg = st->messages[st->at++];

			if (take_message(cs, st, msg)) {
				st->held = msg;
				return true;
			}
			bt_message_put_ref(msg);
		}
	}
	return false;
}

/* The part of the hole in front of the event that waits. The rest goes on from there, and has no number. */
static void begin_hole(struct stream *st)
{
	st->head = st->hole;
	st->head.t_hi_ns = st->event.t_lo_ns;
	/* one without a beginning has the time of its end twice */
	if (st->head.t_lo_ns >= st->head.t_hi_ns)
		st->head.t_lo_ns = st->head.t_hi_ns - 1;
	st->hole.t_lo_ns = st->event.t_lo_ns;
	st->hole.nr_lost = 0;
	st->hole_is_new = false;
}

/* The next head: an event, or the hole that lies before it or ends there. */
static bool advance(struct ctf_source *cs, struct stream *st)
{
	if (!st->event_waits)
		st->event_waits = next_event(cs, st);
	if (st->has_hole && (!st->event_waits || st->event.t_lo_ns >= st->hole.t_hi_ns)) {
		st->head = st->hole;
		st->has_hole = st->hole_is_new = false;
		return true;
	}
	if (st->has_hole && st->hole_is_new) {
		begin_hole(st);
		return true;
	}
	st->head = st->event;
	if (!st->event_waits)
		return false;
	st->event_waits = false;
	return true;
}

/* ------------------------------------------------------------------------------------------------------ merging */

static bool is_before(const struct ctf_source *cs, unsigned a, unsigned b)
{
	int64_t x = cs->stream[a].head.t_hi_ns, y = cs->stream[b].head.t_hi_ns;

	return x < y || (x == y && a < b);
}

static void sift_down(struct ctf_source *cs, unsigned i)
{
	unsigned *heap = cs->heap, moving = heap[i];

	for (;;) {
		unsigned child = 2 * i + 1;

		if (child >= cs->nr_heap)
			break;
		if (child + 1 < cs->nr_heap && is_before(cs, heap[child + 1], heap[child]))
			child++;
		if (!is_before(cs, heap[child], moving))
			break;
		heap[i] = heap[child];
		i = child;
	}
	heap[i] = moving;
}

static void prime(struct ctf_source *cs)
{
	for (unsigned i = 0; i < cs->nr_streams; i++)
		if (cs->stream[i].iterator && advance(cs, &cs->stream[i]))
			cs->heap[cs->nr_heap++] = i;
	for (unsigned i = cs->nr_heap / 2; i-- > 0; )
		sift_down(cs, i);
	cs->primed = true;
}

/* The head that was handed out goes, and what is first then is handed out. */
static void take_first(struct ctf_source *cs)
{
	if (cs->given >= 0) {
		if (!advance(cs, &cs->stream[cs->given]))
			cs->heap[0] = cs->heap[--cs->nr_heap];
		if (cs->nr_heap)
			sift_down(cs, 0);
	}
	cs->given = cs->nr_heap ? (int)cs->heap[0] : -1;
	cs->out[cs->nr_out++] = cs->given >= 0 ? cs->stream[cs->given].head : (struct ctf_item){ .kind = CTF_END };
}

/* Each item lets go of one message at most. */
static bt_component_class_sink_consume_method_status consume(bt_self_component_sink *self)
{
	struct ctf_source *cs = bt_self_component_get_data(bt_self_component_sink_as_self_component(self));

	put_used(cs);
	cs->nr_out = cs->next_out = 0;
	if (!cs->primed)
		prime(cs);
	do
		take_first(cs);
	while (cs->nr_out < MAX_OUT && cs->given >= 0);
	/* never the end: what is held must not go before the reader is done with it */
	return BT_COMPONENT_CLASS_SINK_CONSUME_METHOD_STATUS_OK;
}

/* -------------------------------------------------------------------------------------------------------- graph */

static bt_component_class_initialize_method_status init_sink(bt_self_component_sink *self, bt_self_component_sink_configuration *config,
							    const bt_value *params, void *data)
{
	struct ctf_source *cs = data;

	(void)config;
	(void)params;
	bt_self_component_set_data(bt_self_component_sink_as_self_component(self), cs);
	for (unsigned i = 0; i < cs->nr_streams; i++) {
		char name[16];

		snprintf(name, sizeof(name), "in%u", i);
		if (bt_self_component_sink_add_input_port(self, name, NULL, NULL) != BT_SELF_COMPONENT_ADD_PORT_STATUS_OK)
			return BT_COMPONENT_CLASS_INITIALIZE_METHOD_STATUS_ERROR;
	}
	return BT_COMPONENT_CLASS_INITIALIZE_METHOD_STATUS_OK;
}

static bt_component_class_sink_graph_is_configured_method_status configured(bt_self_component_sink *self)
{
	struct ctf_source *cs = bt_self_component_get_data(bt_self_component_sink_as_self_component(self));

	for (unsigned i = 0; i < cs->nr_streams; i++) {
		bt_self_component_port_input *port = bt_self_component_sink_borrow_input_port_by_index(self, i);

		if (bt_message_iterator_create_from_sink_component(self, port, &cs->stream[i].iterator) ==
		    BT_MESSAGE_ITERATOR_CREATE_FROM_SINK_COMPONENT_STATUS_OK)
			continue;
		cs->stream[i].iterator = NULL;
		report(cs, DIAG_BAD_DATA, "a stream cannot be opened");
	}
	return BT_COMPONENT_CLASS_SINK_GRAPH_IS_CONFIGURED_METHOD_STATUS_OK;
}

/* Loaded code is the process's: it is found once, while files can be opened, and stays. */
static const bt_plugin *plugin;

bool ctf_source_prepare(void)
{
	if (!plugin && bt_plugin_find("ctf", BT_TRUE, BT_FALSE, BT_TRUE, BT_TRUE, BT_FALSE, &plugin) != BT_PLUGIN_FIND_STATUS_OK)
		plugin = NULL;
	return plugin != NULL;
}

static const bt_component_source *add_trace(struct ctf_source *cs, const bt_component_class_source *type, unsigned i)
{
	const bt_component_source *component = NULL;
	bt_value *params = bt_value_map_create(), *inputs = NULL;
	char path[sizeof(cs->base) + MAX_PATH], name[16];
	bool added = false;

	snprintf(path, sizeof(path), "%s%s", cs->base, cs->trace[i]);
	snprintf(name, sizeof(name), "trace%u", i);
	if (params && !bt_value_map_insert_empty_array_entry(params, "inputs", &inputs) &&
	    !bt_value_array_append_string_element(inputs, path))
		added = !bt_graph_add_source_component(cs->graph, type, name, params, BT_LOGGING_LEVEL_NONE, &component);
	bt_value_put_ref(params);
	if (added)
		return component;
	report(cs, DIAG_BAD_DATA, "a trace cannot be opened");
	return NULL;
}

static unsigned count_ports(const bt_component_source *const *component, unsigned nr)
{
	uint64_t ports = 0;

	for (unsigned i = 0; i < nr; i++)
		ports += component[i] ? bt_component_source_get_output_port_count(component[i]) : 0;
	return ports > MAX_STREAMS ? MAX_STREAMS : ports;
}

static bool connect(struct ctf_source *cs, const bt_component_source *const *component, const bt_component_sink *sink)
{
	unsigned to = 0;

	for (unsigned i = 0; i < cs->nr_traces; i++) {
		uint64_t nr = component[i] ? bt_component_source_get_output_port_count(component[i]) : 0;

		for (uint64_t k = 0; k < nr && to < cs->nr_streams; k++, to++)
			if (bt_graph_connect_ports(cs->graph,
						   bt_component_source_borrow_output_port_by_index_const(component[i], k),
						   bt_component_sink_borrow_input_port_by_index_const(sink, to), NULL))
				return false;
	}
	return true;
}

static const bt_component_sink *add_sink(struct ctf_source *cs)
{
	bt_component_class_sink *type = bt_component_class_sink_create("irqpath", consume);
	const bt_component_sink *sink = NULL;

	if (!type)
		return NULL;
	bt_component_class_sink_set_initialize_method(type, init_sink);
	bt_component_class_sink_set_graph_is_configured_method(type, configured);
	if (bt_graph_add_sink_component_with_initialize_method_data(cs->graph, type, "irqpath", NULL, cs, BT_LOGGING_LEVEL_NONE, &sink))
		sink = NULL;
	bt_component_class_sink_put_ref(type);
	return sink;
}

/* The library wants a stream for its sink; a trace without any has nothing to be read. */
static bool build(struct ctf_source *cs, const bt_component_class_source *type)
{
	const bt_component_source *component[MAX_TRACES];
	const bt_component_sink *sink;

	for (unsigned i = 0; i < cs->nr_traces; i++)
		component[i] = add_trace(cs, type, i);
	cs->nr_streams = count_ports(component, cs->nr_traces);
	cs->stream = calloc(cs->nr_streams + 1, sizeof(*cs->stream));
	cs->heap = calloc(cs->nr_streams + 1, sizeof(*cs->heap));
	if (!cs->stream || !cs->heap)
		return false;
	for (unsigned i = 0; i < cs->nr_streams; i++) {
		cs->stream[i].cpu = -1;
		cs->stream[i].last_ns = INT64_MIN;
	}
	if (!cs->nr_streams)
		return true;
	sink = add_sink(cs);
	return sink && connect(cs, component, sink);
}

struct ctf_source *ctf_source_open(int dir_fd, const char *path, struct diag_sink *diag)
{
	struct ctf_source *cs = calloc(1, sizeof(*cs));
	bool built = false;

	if (!cs)
		return NULL;
	cs->path = path;
	cs->diag = diag;
	cs->given = -1;
	snprintf(cs->base, sizeof(cs->base), "/proc/self/fd/%d", dir_fd);
	cs->nr_traces = cs->about.nr_traces = find_traces(dir_fd, cs->trace, MAX_TRACES);
	cs->graph = bt_graph_create(0);
	if (plugin && cs->graph)
		built = build(cs, bt_plugin_borrow_source_component_class_by_name_const(plugin, "fs"));
	if (built) {
		cs->about.nr_streams = cs->nr_streams;
		return cs;
	}
	report(cs, DIAG_BAD_HEADER, plugin ? "libbabeltrace2 refuses it" : "libbabeltrace2 lacks its plug-in 'ctf'");
	ctf_source_close(cs);
	return NULL;
}

static void close_stream(struct stream *st)
{
	if (st->held)
		bt_message_put_ref(st->held);
	while (st->at < st->nr)
		bt_message_put_ref(st->messages[st->at++]);
	if (st->iterator)
		bt_message_iterator_put_ref(st->iterator);
}

void ctf_source_close(struct ctf_source *cs)
{
	if (!cs)
		return;
	put_used(cs);
	for (unsigned i = 0; cs->stream && i < cs->nr_streams; i++)
		close_stream(&cs->stream[i]);
	bt_graph_put_ref(cs->graph);
	free(cs->stream);
	free(cs->heap);
	free(cs);
}

const struct ctf_about *ctf_source_about(const struct ctf_source *cs)
{
	return &cs->about;
}

void ctf_source_next(struct ctf_source *cs, struct ctf_item *item)
{
	*item = (struct ctf_item){ .kind = CTF_END };
	if (cs->failed || !cs->nr_streams)
		return;
	if (cs->next_out == cs->nr_out && bt_graph_run_once(cs->graph) != BT_GRAPH_RUN_ONCE_STATUS_OK) {
		report(cs, DIAG_BAD_DATA, "cannot be read on");
		cs->failed = true;
		return;
	}
	*item = cs->out[cs->next_out++];
}

bool ctf_source_complete(const struct ctf_source *cs)
{
	return !cs->incomplete;
}
