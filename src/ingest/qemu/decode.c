/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ingest/qemu/decode.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/qemu/job.h"

/* ------------------------------------------------------------------------------------------------ one record */

static int field_of(const struct qemu_row *row, unsigned target)
{
	for (int i = 0; i < QEMU_MAX_FIELDS && row->fields[i].name; i++)
		if (row->fields[i].to == target)
			return i;
	return -1;
}

bool job_num(const struct qemu_job *job, unsigned target, int64_t *value)
{
	int i = field_of(job->rec->row, target);

	if (i >= 0)
		*value = job->rec->num[i];
	return i >= 0;
}

int64_t job_get(const struct qemu_job *job, unsigned target)
{
	int64_t value = 0;

	job_num(job, target, &value);
	return value;
}

struct qemu_text job_text(const struct qemu_job *job, unsigned target)
{
	int i = field_of(job->rec->row, target);

	return i >= 0 ? job->rec->text[i] : (struct qemu_text){ "", 0 };
}

struct event *job_add(struct qemu_job *job, unsigned n)
{
	const struct qemu_tells *tells = &job->rec->row->tells[n];
	struct event *ev = &job->out[job->nr];

	if (job->nr == QEMU_MAX_EVENTS || !tells->kind)
		return NULL;
	memset(ev, 0, sizeof(*ev));
	ev->kind = tells->kind;
	ev->witness = tells->witness;
	ev->sub = job->nr++;
	ev->cpu = job->thread->cpu;
	ev->pid = job->thread->tid >= 0 && job->thread->tid <= INT32_MAX ? (int32_t)job->thread->tid : -1;
	ev->via = job->dc->rows[job->rec->row - qemu_rows].via;
	return ev;
}

void job_drop(struct qemu_job *job)
{
	job->nr--;
}

int job_ioapic(const struct qemu_job *job)
{
	return job->dc->pf.nr_ioapics == 1 ? 0 : -1;
}

static void add_number(struct event *ev, enum object_kind kind, int64_t number)
{
	if (number >= 0 && number <= UINT32_MAX)
		event_add_object(ev, kind, number);
}

static void add_pair(struct event *ev, enum object_kind kind, int64_t high, int64_t low)
{
	if (high >= 0 && low >= 0 && low <= UINT32_MAX)
		event_add_object(ev, kind, object_id_pair(high, low));
}

/* "0000:03:00.0" and the index of one of its vectors. */
static void add_host_entry(struct event *ev, struct qemu_text text, int64_t index)
{
	char name[32];
	uint64_t dev;

	if (text.len >= sizeof(name) || index < 0 || index > UINT16_MAX)
		return;
	memcpy(name, text.at, text.len);
	name[text.len] = 0;
	if (object_parse_bdf(name, &dev, NULL))
		event_add_object(ev, OBJ_VFIO, object_id_entry(dev, index));
}

static void set_field(const struct qemu_job *job, struct event *ev, unsigned i)
{
	unsigned to = job->rec->row->fields[i].to;
	int64_t value = job->rec->num[i];

	switch (to) {
	case QT_PIN:
		if (value < PLATFORM_NR_PINS)
			add_pair(ev, OBJ_PIN, job_ioapic(job), value);
		break;
	case QT_GSI:
		add_number(ev, OBJ_GSI, value);
		break;
	case QT_KROUTE:
		add_number(ev, OBJ_KROUTE, value);
		break;
	case QT_PIRQ:
		add_pair(ev, OBJ_PIRQ, 0, value);
		break;
	case QT_PORT:
		add_pair(ev, OBJ_PORT, 0, value);
		break;
	case QT_VCPU:
		add_pair(ev, OBJ_VCPU, 0, value);
		break;
	case QT_CHIP_8259:
		add_number(ev, OBJ_PIC, !value);
		break;
	case QT_HOST_DEV:
		add_host_entry(ev, job->rec->text[i], job_get(job, QT_INDEX));
		break;
	case QT_HOST_FN:
		add_host_entry(ev, job->rec->text[i], 0);
		break;
	default:
		if (to && to < NR_ARG_IDS)
			event_arg_set(ev, to, value);
	}
}

struct event *job_plain(struct qemu_job *job)
{
	const struct qemu_row *row = job->rec->row;
	struct event *ev = job_add(job, 0);

	for (unsigned i = 0; ev && i < QEMU_MAX_FIELDS && row->fields[i].name; i++)
		set_field(job, ev, i);
	if (ev && row->constant.arg)
		event_arg_set(ev, row->constant.arg, row->constant.value);
	return ev;
}

static void special_plain(struct qemu_job *job)
{
	job_plain(job);
}

static const qemu_special_fn specials[NR_QEMU_SPECIALS] = {
	[QS_PLAIN] = special_plain,
	[QS_IOAPIC_LINE] = special_ioapic_line,
	[QS_IRR_SET] = special_irr_set,
	[QS_IOAPIC_READ] = special_ioapic_read,
	[QS_IOAPIC_WRITE] = special_ioapic_write,
	[QS_GSI_LINE] = special_gsi_line,
	[QS_APIC_MESSAGE] = special_apic_message,
	[QS_APIC_OFFSET] = special_apic_offset,
	[QS_APIC_REGISTER] = special_apic_register,
	[QS_VM_IOCTL] = special_vm_ioctl,
	[QS_RUN_EXIT] = special_run_exit,
	[QS_REGION_WRITE] = special_region_write,
	[QS_REGION_READ] = special_region_read,
	[QS_CFG_WRITE] = special_cfg_write,
	[QS_CFG_READ] = special_cfg_read,
	[QS_MSIX_CONFIG] = special_msix_config,
	[QS_BAR_SET] = special_bar_set,
	[QS_BAR_CLEARED] = special_bar_cleared,
	[QS_NOTIFY_MSIX] = special_notify_msix,
	[QS_NOTIFY_MSI] = special_notify_msi,
	[QS_NOTIFY] = special_notify,
	[QS_INTX] = special_intx,
	[QS_IEC] = special_iec,
	[QS_PRIVATE_ROUTE] = special_private_route,
	[QS_RUNSTATE] = special_runstate,
	[QS_RESET] = special_reset,
};

/* --------------------------------------------------------------------------------------------------- threads */

static void init_thread(struct qemu_thread *th, int64_t tid)
{
	*th = (struct qemu_thread){ .tid = tid, .cpu = -1, .gsi = -1, .pin = -1 };
}

static struct qemu_thread *thread_of(struct qemu_decoder *dc, int64_t tid)
{
	enum { SPARE = QEMU_MAX_THREADS - 1 };
	uint32_t i = (uint64_t)(tid + 1) % SPARE;

	for (unsigned n = 0; n < SPARE; n++, i = (i + 1) % SPARE) {
		struct qemu_thread *th = &dc->thread[i];

		if (th->tid == tid)
			return th;
		if (th->tid != INT64_MIN)
			continue;
		if (dc->nr_threads >= SPARE / 2)
			break;
		dc->nr_threads++;
		init_thread(th, tid);
		return th;
	}
	init_thread(&dc->thread[SPARE], tid);
	return &dc->thread[SPARE];
}

/* Some events tell which CPU their thread is. */
static void see_cpu(struct qemu_job *job)
{
	enum { MAX_CPU = 4096 };
	int64_t cpu;

	/* without threads, nobody knows whose the next record is */
	if (job->thread->tid < 0)
		job->thread->cpu = -1;
	if (!job_num(job, QT_CPU, &cpu) && !job_num(job, QT_VCPU, &cpu))
		return;
	job->thread->cpu = cpu >= 0 && cpu < MAX_CPU ? (int32_t)cpu : -1;
}

/* --------------------------------------------------------------------------------------------------- decoder */

void qemu_decoder_lost(struct qemu_decoder *dc)
{
	platform_forget(&dc->pf);
	for (unsigned i = 0; i < QEMU_MAX_THREADS; i++)
		if (dc->thread[i].tid != INT64_MIN)
			init_thread(&dc->thread[i], dc->thread[i].tid);
}

static unsigned count_rows(void)
{
	unsigned nr = 0;

	while (qemu_rows[nr].name)
		nr++;
	return nr;
}

static void init_rows(struct qemu_decoder *dc)
{
	for (unsigned i = 0; i < dc->nr_rows; i++) {
		const char *name = qemu_rows[i].name;
		bool same = i && !strcmp(qemu_rows[i - 1].name, name);

		dc->rows[i].row = same ? dc->rows[i - 1].row : &qemu_rows[i];
	}
}

struct qemu_decoder *qemu_decoder_new(const char *path, const struct reader_host *host)
{
	struct qemu_decoder *dc = calloc(1, sizeof(*dc));

	if (!dc)
		return NULL;
	dc->path = path;
	dc->host = *host;
	dc->nr_rows = count_rows();
	dc->names = qemu_names_new();
	dc->rows = calloc(dc->nr_rows, sizeof(*dc->rows));
	platform_init(&dc->pf);
	for (unsigned i = 0; i < QEMU_MAX_THREADS; i++)
		dc->thread[i].tid = INT64_MIN;
	if (!dc->names || !dc->rows) {
		qemu_decoder_free(dc);
		return NULL;
	}
	init_rows(dc);
	return dc;
}

void qemu_decoder_free(struct qemu_decoder *dc)
{
	if (!dc)
		return;
	qemu_names_free(dc->names);
	platform_fini(&dc->pf);
	free(dc->rows);
	free(dc);
}

const struct qemu_names *qemu_decoder_names(const struct qemu_decoder *dc)
{
	return dc->names;
}

bool qemu_shows(unsigned i, struct reader_shows *out)
{
	for (const struct qemu_row *row = qemu_rows; row->name; row++)
		for (unsigned n = 0; n < QEMU_MAX_TELLS && row->tells[n].kind; n++) {
			*out = (struct reader_shows){
				row->name, row->tells[n].kind, row->tells[n].witness, !row->tells[n].partial, false
			};
			if (!i--)
				return true;
		}
	return false;
}

bool qemu_event_of(struct event *ev, uint16_t machine)
{
	bool whole = ev->kind == EV_IOAPIC_EOI || ev->kind == EV_KVM_ROUTE_COMMIT || ev->kind == EV_MACHINE_RESET;

	if (!ev->nr_objects && whole)
		event_add_object(ev, OBJ_MACHINE, 0);
	for (int i = 0; i < ev->nr_objects; i++)
		if (ev->object[i].machine == MACHINE_OWN)
			ev->object[i].machine = machine;
	return ev->nr_objects > 0;
}

void qemu_decoder_tell_signals(const struct qemu_decoder *dc, const struct source_sink *sink, uint16_t machine)
{
	for (unsigned i = 0; i < dc->nr_rows; i++) {
		const struct qemu_row *row = &qemu_rows[i];

		for (unsigned n = 0; n < QEMU_MAX_TELLS && row->tells[n].kind; n++) {
			struct source_signal signal = {
				.kind = row->tells[n].kind, .witness = row->tells[n].witness, .basis = SIGNAL_SEEN,
				.grade = row->tells[n].partial ? SIGNAL_PARTIAL : SIGNAL_COMPLETE, .machine = machine,
			};

			if (dc->rows[i].row != row)
				continue;
			snprintf(signal.via, sizeof(signal.via), "%s", row->name);
			sink->signal(sink->ctx, &signal);
		}
	}
}

unsigned qemu_decode(struct qemu_decoder *dc, const struct qemu_record *rec, struct event out[QEMU_MAX_EVENTS])
{
	unsigned index = rec->row - qemu_rows;
	struct qemu_job job = { .dc = dc, .rec = rec, .out = out };
	struct qemu_count *count = &dc->rows[dc->rows[index].row - qemu_rows];

	job.thread = thread_of(dc, rec->tid);
	see_cpu(&job);
	if (!dc->rows[index].via)
		dc->rows[index].via = strtab_intern(dc->host.strings, rec->row->name, strlen(rec->row->name));
	if (specials[rec->row->special])
		specials[rec->row->special](&job);
	count->count++;
	count->kept += job.nr > 0;
	return job.nr;
}

unsigned qemu_decode_text(struct qemu_decoder *dc, const char *text, size_t len, int64_t tid, struct event out[QEMU_MAX_EVENTS])
{
	struct qemu_record rec = { .tid = tid };
	const struct qemu_row *row;
	size_t n = 0;

	while (n < len && text[n] != ' ' && text[n] != '\n')
		n++;
	row = qemu_names_find(dc->names, text, n);
	if (!row || !qemu_match_args(row, text + n, len - n, &rec))
		return 0;
	return qemu_decode(dc, &rec, out);
}

static void count_name(struct qemu_decoder *dc, struct qemu_text name, uint64_t nr)
{
	for (unsigned i = 0; i < dc->nr_others; i++) {
		struct qemu_other *other = &dc->other[i];

		if (strncmp(other->name, name.at, name.len) || other->name[name.len])
			continue;
		other->count += nr;
		/* the common ones come to the front */
		if (i && other->count > other[-1].count) {
			struct qemu_other moved = other[-1];

			other[-1] = *other;
			*other = moved;
		}
		return;
	}
	if (dc->nr_others == QEMU_MAX_OTHERS || name.len >= QEMU_MAX_NAME) {
		dc->nr_more += nr;
		return;
	}
	memcpy(dc->other[dc->nr_others].name, name.at, name.len);
	dc->other[dc->nr_others++].count = nr;
}

void qemu_count_other(struct qemu_decoder *dc, struct qemu_text name, bool form, uint64_t nr)
{
	const struct qemu_row *row = form ? qemu_names_find(dc->names, name.at, name.len) : NULL;
	struct qemu_count *count;

	if (!row) {
		if (name.len < QEMU_MAX_NAME)
			count_name(dc, name, nr);
		else
			dc->nr_more += nr;
		return;
	}
	count = &dc->rows[row - qemu_rows];
	count->count += nr;
	if (!count->unknown_form++)
		diag_report(dc->host.diag, DIAG_REMARK, (struct diag_pos){ .path = dc->path },
			    "arguments of '%s' have an unknown form, such records are counted only", row->name);
}

static void tell_kind(struct qemu_decoder *dc, const char *name, uint64_t count, uint64_t kept)
{
	struct record_kind rk = { .count = count, .kept = kept };

	if (!count)
		return;
	snprintf(rk.name, sizeof(rk.name), "%s", name);
	dc->host.sink->record_kind(dc->host.sink->ctx, &rk);
}

void qemu_decoder_end(struct qemu_decoder *dc)
{
	for (unsigned i = 0; i < dc->nr_rows; i++)
		tell_kind(dc, qemu_rows[i].name, dc->rows[i].count, dc->rows[i].kept);
	for (unsigned i = 0; i < dc->nr_others; i++)
		tell_kind(dc, dc->other[i].name, dc->other[i].count, 0);
	tell_kind(dc, "(other events)", dc->nr_more, 0);
	if (dc->pf.failed)
		diag_report(dc->host.diag, DIAG_LIMIT, (struct diag_pos){ .path = dc->path },
			    "no memory for all functions and tables of the machine");
}
