# SPDX-License-Identifier: GPL-2.0-or-later
#
# Everything that a person types: `make help`. Variants: SAN=1 builds under address and undefined-behaviour sanitizers into
# build-san/; FUZZ=1 builds with clang for libFuzzer into build-fuzz/. A new source file is one line in a list below.

VERSION	:= $(shell cat VERSION)
PREFIX	?= /usr/local
DESTDIR	?=
TOP	:= $(CURDIR)

MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

# ---------------------------------------------------------------------------------------------------- files

CORE_SRCS := \
	src/core/chunk.c \
	src/core/clock.c \
	src/core/clock_names.c \
	src/core/clock_solve.c \
	src/core/derived.c \
	src/core/diag.c \
	src/core/event.c \
	src/core/event_text.c \
	src/core/nearest.c \
	src/core/object.c \
	src/core/pack.c \
	src/core/progress.c \
	src/core/status.c \
	src/core/strtab.c \
	src/core/text.c \
	src/core/tsc.c

INGEST_SRCS := \
	src/ingest/bincur.c \
	src/ingest/child.c \
	src/ingest/codec.c \
	src/ingest/confine.c \
	src/ingest/console/console.c \
	src/ingest/console/reader.c src/ingest/console/route.c \
	src/ingest/console/stamp.c \
	src/ingest/ctf/names.c \
	src/ingest/ctf/reader.c \
	src/ingest/ctf/source.c \
	src/ingest/drive.c \
	src/ingest/events.c \
	src/ingest/boot.c \
	src/ingest/harm.c \
	src/ingest/ftrace/bind.c \
	src/ingest/ftrace/counts.c \
	src/ingest/ftrace/decode.c \
	src/ingest/ftrace/marks.c \
	src/ingest/ftrace/kvm.c \
	src/ingest/ftrace/mmio.c \
	src/ingest/ftrace/mmio_text.c \
	src/ingest/ftrace/names.c \
	src/ingest/ftrace/pages.c \
	src/ingest/ftrace/rows.c \
	src/ingest/ftrace/special.c \
	src/ingest/ftrace/synth.c \
	src/ingest/ftrace/text.c \
	src/ingest/ftrace/text_body.c \
	src/ingest/ftrace/text_line.c \
	src/ingest/ftrace/trace_dat.c \
	src/ingest/ftrace/walk.c \
	src/ingest/ingest.c \
	src/ingest/isolate.c \
	src/ingest/merge.c \
	src/ingest/lines.c \
	src/ingest/qemu/decode.c \
	src/ingest/qemu/log.c \
	src/ingest/qemu/match.c \
	src/ingest/qemu/platform.c \
	src/ingest/qemu/rows.c \
	src/ingest/qemu/simple.c \
	src/ingest/qemu/special.c \
	src/ingest/qemu/special_pci.c \
	src/ingest/readers.c \
	src/ingest/snapshot/genirq.c \
	src/ingest/snapshot/interrupts.c \
	src/ingest/snapshot/lspci.c \
	src/ingest/snapshot/snapshot.c \
	src/ingest/snapshot/xl_dmesg.c \
	src/ingest/unpack.c \
	src/ingest/wire.c \
	src/ingest/xentrace/decode.c \
	src/ingest/xentrace/rows.c \
	src/ingest/xentrace/stream.c \
	src/ingest/xentrace/windows.c \
	src/ingest/xentrace/xentrace.c

STORE_SRCS := \
	src/store/cursor.c \
	src/store/delivery.c \
	src/store/derived.c \
	src/store/describe.c \
	src/store/export.c \
	src/store/facts.c \
	src/store/query.c \
	src/store/resolve.c \
	src/store/schema.c \
	src/store/store.c \
	src/store/verify.c \
	src/store/vtab.c \
	src/store/vtab_delivery.c \
	src/store/vtab_event.c \
	src/store/what_if.c

MODEL_SRCS := \
	src/model/assignment.c \
	src/model/check.c \
	src/model/component.c \
	src/model/coverage.c \
	src/model/cpu.c \
	src/model/cpu_events.c \
	src/model/domain_events.c \
	src/model/dpci.c \
	src/model/dpci_events.c \
	src/model/duty.c \
	src/model/eoi.c \
	src/model/fields.c \
	src/model/fields_events.c \
	src/model/flags.c \
	src/model/flags_events.c \
	src/model/function.c \
	src/model/gsi.c \
	src/model/gsi_events.c \
	src/model/held.c \
	src/model/intx.c \
	src/model/irq.c \
	src/model/irq_events.c \
	src/model/irte.c \
	src/model/irte_events.c \
	src/model/journey.c \
	src/model/kroute.c \
	src/model/kroute_events.c \
	src/model/kvm_events.c \
	src/model/lapic.c \
	src/model/lapic_events.c \
	src/model/links.c \
	src/model/masks.c \
	src/model/model.c \
	src/model/msi.c \
	src/model/msi_events.c \
	src/model/msix.c \
	src/model/msix_events.c \
	src/model/oneshot.c \
	src/model/owners.c \
	src/model/part.c \
	src/model/path_eoi.c \
	src/model/path_gsi.c \
	src/model/path_level.c \
	src/model/path_move.c \
	src/model/path_split.c \
	src/model/path_dom0.c \
	src/model/path_hvm.c \
	src/model/table_events.c \
	src/model/xen_part.c \
	src/model/path_msix.c \
	src/model/pci.c \
	src/model/pci_events.c \
	src/model/peoi.c \
	src/model/peoi_events.c \
	src/model/pin.c \
	src/model/pin_events.c \
	src/model/pirq.c \
	src/model/pirq_events.c \
	src/model/policy.c \
	src/model/port.c \
	src/model/prompt.c \
	src/model/quirks.c \
	src/model/registry.c \
	src/model/reset.c \
	src/model/owed.c \
	src/model/pending.c \
	src/model/seen.c \
	src/model/slot.c \
	src/model/slot_events.c \
	src/model/snapshot_events.c \
	src/model/step.c \
	src/model/story.c \
	src/model/unit.c \
	src/model/vcpu.c \
	src/model/vcpu_events.c \
	src/model/vector.c \
	src/model/vfio.c \
	src/model/vfio_events.c \
	src/model/vector_duties.c \
	src/model/vector_events.c \
	src/model/vpci_events.c \
	src/model/vpin.c \
	src/model/vpin_events.c \
	src/model/whatif.c \
	src/model/xen_duties.c \
	src/model/xen_device.c \
	src/model/xen_join.c \
	src/model/xen_links.c \
	src/model/xen_platform.c \
	src/model/xirq.c \
	src/model/xirq_events.c \
	src/model/xmsi.c \
	src/model/xmsi_events.c \
	src/model/xstat.c

RULES_SRCS := \
	src/rules/check.c \
	src/rules/db.c \
	src/rules/finding.c \
	src/rules/fingerprint.c \
	src/rules/join.c \
	src/rules/lost.c \
	src/rules/message.c \
	src/rules/rows.c \
	src/rules/rule.c \
	src/rules/rules.c \
	src/rules/sandbox.c \
	src/rules/settle.c \
	src/rules/sha256.c \
	src/rules/signals.c \
	src/rules/test.c \
	src/rules/verdict.c \
	src/rules/words.c

REPORT_SRCS := \
	src/report/common.c \
	src/report/explain.c \
	src/report/explain_json.c \
	src/report/explain_text.c \
	src/report/hops.c \
	src/report/json.c \
	src/report/jsonout.c \
	src/report/layout.c \
	src/report/markdown.c \
	src/report/page.c \
	src/report/path.c \
	src/report/path_json.c \
	src/report/path_text.c \
	src/report/quantile.c \
	src/report/report.c \
	src/report/stats.c \
	src/report/stats_write.c \
	src/report/text.c

# Without main.c, which is not part of the library.
CLI_SRCS := \
	src/cli/capture.c \
	src/cli/clocks.c \
	src/cli/cmd_analyze.c \
	src/cli/cmd_explain.c \
	src/cli/cmd_export.c \
	src/cli/cmd_help.c \
	src/cli/check_json.c \
	src/cli/check_text.c \
	src/cli/cmd_check.c \
	src/cli/cmd_model.c \
	src/cli/cmd_path.c \
	src/cli/cmd_query.c \
	src/cli/cmd_replay.c \
	src/cli/cmd_rules.c \
	src/cli/cmd_stats.c \
	src/cli/commands.c \
	src/cli/feed.c \
	src/cli/machines.c \
	src/cli/moments.c \
	src/cli/order.c \
	src/cli/options.c \
	src/cli/output.c \
	src/cli/topics.c \
	src/cli/transitions.c \
	src/cli/trust.c \
	src/cli/whatif.c \
	src/cli/whose.c \
	src/cli/tsv.c

# The virtual tables as an extension that the sqlite3 shell can load: its entry, and these files once more.
EXTENSION_SRCS := \
	src/core/chunk.c \
	src/core/derived.c \
	src/core/event.c \
	src/core/object.c \
	src/core/pack.c \
	src/core/text.c \
	src/store/delivery.c \
	src/store/extension.c \
	src/store/vtab.c \
	src/store/vtab_delivery.c \
	src/store/vtab_event.c

# tests/unit/NAME.c, each a program of its own.
UNIT_TESTS := \
	test_check \
	test_chunk \
	test_clock \
	test_clock_random \
	test_component \
	test_console \
	test_coverage \
	test_ctf \
	test_diag \
	test_dom0 \
	test_vpci \
	test_xen_device \
	test_xen_guests \
	test_xen_platform \
	test_domain \
	test_xen_table \
	test_event \
	test_event_text \
	test_events_reader \
	test_fingerprint \
	test_ftrace_pages \
	test_ftrace_rows \
	test_ftrace_text \
	test_ftrace_walk \
	test_harm \
	test_isolate \
	test_lines \
	test_mmiotrace \
	test_markdown \
	test_message \
	test_nearest \
	test_object \
	test_options \
	test_output \
	test_peoi \
	test_policy \
	test_xen_check \
	test_replay \
	test_replay_pci \
	test_replay_kvm \
	test_replay_vector \
	test_qemu_decode \
	test_qemu_log \
	test_qemu_simple \
	test_quantile \
	test_resolve \
	test_rows_state \
	test_rows_run \
	test_rows_setup \
	test_rule \
	test_snapshot \
	test_store \
	test_strtab \
	test_text \
	test_trace_dat \
	test_trust \
	test_tsc \
	test_unpack \
	test_verdict \
	test_xen_dump \
	test_xen_rows \
	test_xentrace

# tests/fuzz/fuzz_NAME.c
FUZZ_TARGETS := \
	chunk \
	console \
	ctf \
	codec \
	db \
	delivery \
	event_text \
	events \
	ftrace_text \
	harm \
	mmiotrace \
	object \
	records \
	qemu_log \
	qemu_simple \
	rule \
	snapshot \
	trace_dat \
	walk \
	wire \
	xentrace

LIB_SRCS := $(CORE_SRCS) $(INGEST_SRCS) $(STORE_SRCS) $(MODEL_SRCS) $(RULES_SRCS) $(REPORT_SRCS) $(CLI_SRCS)

# ---------------------------------------------------------------------------------------------------- flags

PKGS	:= babeltrace2 libtracecmd libtraceevent libtracefs libzstd liblzma zlib sqlite3 libseccomp
PKG_CONFIG ?= pkg-config
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)
CMOCKA_LIBS := $(shell $(PKG_CONFIG) --libs cmocka 2>/dev/null || echo -lcmocka)

ifeq ($(origin CC),default)
CC	:= gcc
endif
BUILD	:= build
BIN	:= irqpath
WARN	:= -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla -Wno-override-init
CFLAGS	?= -O2 -g
HARDEN	:= -D_FORTIFY_SOURCE=2 -fstack-protector-strong
VARIANT	:=
ifdef SAN
BUILD	:= build-san
BIN	:= $(BUILD)/irqpath
HARDEN	:=
VARIANT	:= -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
ifdef FUZZ
CC	:= clang
BUILD	:= build-fuzz
BIN	:= $(BUILD)/irqpath
HARDEN	:=
VARIANT	:= -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
ifneq ($(findstring clang,$(CC)),)
WARN	:= $(filter-out -Wno-override-init,$(WARN)) -Wno-initializer-overrides
endif

# Where the shipped rules and the tables of docs/ are. The program in the tree uses the tree's; `make install` links one that uses the installed ones.
RULES_DIR := $(TOP)/rules.d
TABLES_DIR := $(TOP)/docs
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE $(WARN) $(HARDEN) $(CPPFLAGS) $(CFLAGS) $(VARIANT) -I src -I $(BUILD)/gen $(PKG_CFLAGS)
DEFINES = -DIRQPATH_VERSION='"$(VERSION)"' -DRULES_DIR='"$(RULES_DIR)"' \
	-DTABLES_DIR='"$(TABLES_DIR)"'
ALL_LDFLAGS = $(VARIANT) -Wl,-z,relro -Wl,-z,now -Wl,--as-needed $(LDFLAGS)

# Who uses RULES_DIR or TABLES_DIR.
RULES_DIR_SRCS := src/cli/capture.c src/cli/cmd_explain.c src/cli/cmd_model.c

# ---------------------------------------------------------------------------------------------------- build

# V=1 shows the commands.
Q	:= $(if $(V),,@)
SAY	:= $(if $(V),true,printf '  %-4s %s\n')

LIB	:= $(BUILD)/libirqpath.a
OBJS	:= $(LIB_SRCS:src/%.c=$(BUILD)/obj/%.o)
MAIN_OBJ := $(BUILD)/obj/cli/main.o
EXTENSION_OBJS := $(EXTENSION_SRCS:src/%.c=$(BUILD)/pic/%.o)
TEST_PROGS := $(UNIT_TESTS:%=$(BUILD)/tests/%)
TOOLS	:= $(BUILD)/tools/gendocs $(BUILD)/tools/mutants $(BUILD)/tools/mutate $(BUILD)/tools/repeat $(BUILD)/tools/repeat_xentrace \
	$(BUILD)/tools/measure $(BUILD)/tools/hostile $(BUILD)/tools/corpus $(BUILD)/tools/make_ctf $(BUILD)/tools/backends
# Pages of docs/ that are part of the program.
TOPICS	:= captures events exit formats objects rules schema tutorial verdicts
GEN	:= $(BUILD)/gen/store/schema.inc $(TOPICS:%=$(BUILD)/gen/docs/%.inc)

.PHONY: all
all: $(BIN)	## build ./irqpath and, where it is not a sanitizer build, irqpath_sqlite.so

# An extension under a sanitizer cannot be loaded into a shell that is not.
ifeq ($(VARIANT),)
ifneq ($(EXTENSION_SRCS),)
all: irqpath_sqlite.so
endif
endif

$(BIN): $(MAIN_OBJ) $(LIB)
	$(Q)$(SAY) LD $@
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(MAIN_OBJ) $(LIB) $(PKG_LIBS)

$(LIB): $(OBJS)
	@rm -f $@
	$(Q)$(SAY) AR $@
	$(Q)$(AR) rcs $@ $(OBJS)

irqpath_sqlite.so: $(EXTENSION_OBJS)
	$(Q)$(SAY) LD $@
	$(Q)$(CC) -shared $(ALL_LDFLAGS) -Wl,-z,defs -o $@ $(EXTENSION_OBJS)

$(BUILD)/obj/%.o: src/%.c $(BUILD)/flags | have-deps
	@mkdir -p $(@D)
	$(Q)$(SAY) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) $(DEFINES) -MMD -MP -c -o $@ $<

$(BUILD)/pic/%.o: src/%.c $(BUILD)/flags | have-deps
	@mkdir -p $(@D)
	$(Q)$(SAY) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) $(DEFINES) -fPIC -fvisibility=hidden -DIRQPATH_SQLITE_EXTENSION -MMD -MP -c -o $@ $<

$(OBJS) $(MAIN_OBJ) $(EXTENSION_OBJS): | $(GEN)

# The schema and pages of docs/ as C string literals, one a line, for #include "store/schema.inc".
AS_LITERALS = sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/.*/"&\\n"/' $< > $@
$(BUILD)/gen/store/schema.inc: src/store/schema.sql | have-deps
	@mkdir -p $(@D)
	$(Q)$(SAY) GEN $@
	$(Q)$(AS_LITERALS)
$(BUILD)/gen/docs/%.inc: docs/%.md | have-deps
	@mkdir -p $(@D)
	$(Q)$(AS_LITERALS)

# Changes only when the flags do, so that what was built with others is built again.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(CC) $(ALL_CFLAGS) $(subst ','\'',$(DEFINES))' | cmp -s - $@ || \
		printf '%s\n' '$(CC) $(ALL_CFLAGS) $(subst ','\'',$(DEFINES))' > $@

$(BUILD)/tests/%: tests/unit/%.c $(LIB) $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(SAY) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) $(DEFINES) -I tests -MMD -MP -MF $@.d $(ALL_LDFLAGS) -o $@ $< $(LIB) $(CMOCKA_LIBS) $(PKG_LIBS)

# Helpers of the tests and benchmarks never run under a sanitizer: they are not what is tested.
$(BUILD)/tools/%: tests/tools/%.c
	@mkdir -p $(@D)
	$(Q)$(SAY) CC $<
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE $(WARN) -O2 -g -o $@ $<

$(BUILD)/tools/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(Q)$(SAY) CC $<
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE $(WARN) -O2 -g -o $@ $<

# Run the analysis itself, unlike the helpers above.
MUTANTS_SRCS := tests/tools/mutants.c tests/tools/mutants_base.c tests/tools/mutants_ops.c tests/tools/mutants_linux.c \
	tests/tools/mutants_xen.c tests/tools/mutants_qemu.c tests/tools/mutants_neutral.c
$(BUILD)/tools/mutants: $(MUTANTS_SRCS) tests/tools/mutants.h
HOSTILE_SRCS := tests/tools/hostile.c tests/tools/hostile_run.c
$(BUILD)/tools/hostile: $(HOSTILE_SRCS) tests/tools/hostile.h
$(BUILD)/tools/mutants $(BUILD)/tools/hostile: $(LIB) $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(SAY) CC $@
	$(Q)$(CC) $(ALL_CFLAGS) $(DEFINES) -I tests/tools $(ALL_LDFLAGS) -o $@ $(filter %.c,$^) $(LIB) $(PKG_LIBS)

# All fuzz targets in one program, without the fuzzer: for seeds and corpus, with any compiler.
CORPUS_OBJS := $(FUZZ_TARGETS:%=$(BUILD)/corpus/%.o)
$(BUILD)/corpus/%.o: tests/fuzz/fuzz_%.c $(BUILD)/flags | $(GEN)
	@mkdir -p $(@D)
	$(Q)$(SAY) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) $(DEFINES) -I tests -DLLVMFuzzerTestOneInput=fuzz_$* -DLLVMFuzzerInitialize=fuzz_$*_init -MMD -MP -c -o $@ $<
$(BUILD)/tools/corpus: tests/fuzz/corpus.c $(CORPUS_OBJS) $(LIB)
	@mkdir -p $(@D)
	$(Q)$(SAY) CC $@
	$(Q)$(CC) $(ALL_CFLAGS) '-DTARGETS=${FUZZ_TARGETS:%=X(%)}' $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

-include $(CORPUS_OBJS:.o=.d) $(OBJS:.o=.d) $(MAIN_OBJ:.o=.d) $(EXTENSION_OBJS:.o=.d) $(TEST_PROGS:=.d)

.PHONY: FORCE have-deps
FORCE:
have-deps:
	@tools/deps.sh check build

# ---------------------------------------------------------------------------------------------------- for people

.PHONY: help
help:		## this list
	@echo "irqpath $(VERSION)"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | \
		awk -F'|' '{ printf "%-22s %s\n", $$1, $$2 }'
	@echo "SAN=1 with all or check: the same under address and undefined-behaviour sanitizers, in build-san/"

.PHONY: deps
deps:		## install what building and running need (Debian and its kin, through apt-get)
	@tools/deps.sh install build

.PHONY: demo
demo:		## install what is missing, build, and analyze the bundled capture
	@tools/deps.sh install build
	@$(MAKE) $(PARALLEL) all
	@echo
	@echo '$$ ./irqpath analyze samples/msix-left-masked-kfn/trace.dat'
	@./irqpath analyze samples/msix-left-masked-kfn/trace.dat || [ $$? -eq 1 ]

.PHONY: check
check:		## install what tests need, build, run every test; SAN=1 under sanitizers
	@tools/deps.sh install build test
	@$(MAKE) $(PARALLEL) run-tests

.PHONY: run-tests tests
run-tests: tests
	@BUILD='$(BUILD)' UNIT_TESTS='$(UNIT_TESTS)' tests/run.sh
tests: all man $(TEST_PROGS) $(TOOLS)

N	?= 1500
.PHONY: mutate
mutate:		## break good captures in N=1500 ways, check what the rules say, write docs/mutation.tsv; KEEP=DIR keeps what failed
	@tools/deps.sh install build test
	@$(MAKE) $(PARALLEL) all $(BUILD)/tools/mutants
	@dir=$$(mktemp -d); status=0; cd $$dir; export TOP='$(TOP)' BUILD='$(abspath $(BUILD))' MUTANTS='$(N)'; \
	[ '$(N)' != 1500 ] || export RECORD='$(TOP)/docs/mutation.tsv'; \
	KEEP='$(abspath $(KEEP))' IRQPATH_CAPTURES="$${IRQPATH_CAPTURES:-$(TOP)/../shared/captures}" \
		PATH="$(dir $(abspath $(BIN))):$$PATH" $(TOP)/tests/e2e/mutants.sh || status=$$?; \
	cd $(TOP); rm -rf $$dir; exit $$status

.PHONY: trust
trust: all	## write docs/captures.tsv and checks.tsv anew: what of the model captures meet, what was explored; see irqpath model trust
	@for table in captures checks; do \
		PATH='$(TOP)':"$$PATH" tests/tools/record-$$table.sh > docs/$$table.tsv.new && mv docs/$$table.tsv.new docs/$$table.tsv || \
			{ rm -f docs/$$table.tsv.new; exit 1; }; \
	done

.PHONY: bench
bench:		## compare with trace-cmd report and xenalyze, print time ratio and memory
	@tools/deps.sh install build test
	@$(MAKE) $(PARALLEL) all $(TOOLS)
	@tests/bench/bench.sh
	@tests/bench/xentrace.sh

# Where make was not told how many jobs to run.
PARALLEL = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 1))

SECONDS	?= 60
.PHONY: fuzz run-fuzz
fuzz:		## run every libFuzzer target for SECONDS=60
	@tools/deps.sh install build fuzz
	@$(MAKE) $(PARALLEL) FUZZ=1 SECONDS='$(SECONDS)' run-fuzz
run-fuzz: $(FUZZ_TARGETS:%=build-fuzz/fuzz_%)
	@tests/fuzz/run.sh '$(SECONDS)' $(FUZZ_TARGETS)
build-fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(LIB)
	$(Q)$(SAY) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) $(DEFINES) -I tests $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $< $(LIB) $(PKG_LIBS)

.PHONY: hostile
hostile:	## cut and mutate every capture under sanitizers for SECONDS=60 each way; RUN=N goes on there
	@tools/deps.sh install build test
	@$(MAKE) $(PARALLEL) SAN=1 build-san/tools/hostile
	@status=0; for what in dat text; do \
		echo "== $$what"; \
		tests/tools/hostile.sh $$what --seconds '$(SECONDS)' --start '$(or $(RUN),0)' || status=1; \
	done; exit $$status

.PHONY: lint hdr-check
lint: hdr-check	## static checks: headers alone, layers, width, tree, cppcheck
	@tools/lint.sh layers
	@tools/lint.sh width
	@tools/lint.sh tree $(LIB_SRCS) $(EXTENSION_SRCS) src/cli/main.c $(UNIT_TESTS:%=tests/unit/%.c)
	@tools/deps.sh install lint
	@cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
		--suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches --suppress=invalidPrintfArgType_uint \
		-j 2 -I src -I $(BUILD)/gen \
		-D_GNU_SOURCE $(DEFINES) $(LIB_SRCS) $(wildcard src/cli/main.c)
	@echo "lint: clean"
hdr-check: $(GEN) | have-deps
	@for h in src/*/*.h; do \
		printf '#include "%s"\n' "$${h#src/}" | $(CC) $(ALL_CFLAGS) $(DEFINES) -fsyntax-only -x c - || exit 1; \
	done

# Pages of docs/ with parts that are written from the program's own tables.
GENERATED_DOCS := $(addprefix docs/,captures.md events.md formats.md model.md objects.md rules.md schema.md)
.PHONY: docs
docs: $(BUILD)/tools/gendocs	## write the generated parts of docs/ anew
	@for page in $(GENERATED_DOCS); do \
		$(BUILD)/tools/gendocs $$page > $$page.new && mv $$page.new $$page || { rm -f $$page.new; exit 1; }; \
	done
$(BUILD)/tools/gendocs: tools/gendocs.c $(LIB) $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(SAY) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) $(DEFINES) $(ALL_LDFLAGS) -o $@ $< $(LIB) $(PKG_LIBS)

# Manual pages and completion, from the command table, the topics and docs/man.
MAN_DATE = $(shell LC_ALL=C date -u -d "@$${SOURCE_DATE_EPOCH:-$$(stat -c %Y VERSION)}" +%Y-%m-%d)
MAN	:= $(BUILD)/man
COMPLETION := $(BUILD)/completion
.PHONY: man
man: $(MAN)/stamp $(COMPLETION)/stamp	## write the manual pages and the shells' completion, into build/man and build/completion
$(MAN)/stamp: $(BUILD)/tools/genman $(wildcard docs/man/*.md) VERSION
	@rm -rf $(@D) && mkdir -p $(@D)
	$(Q)$(SAY) GEN $(@D)
	$(Q)$(BUILD)/tools/genman $(@D) docs '$(MAN_DATE)'
	@touch $@
$(COMPLETION)/stamp: $(BUILD)/tools/gencompletion
	@mkdir -p $(@D)
	$(Q)$(SAY) GEN $(@D)
	$(Q)$(BUILD)/tools/gencompletion bash > $(@D)/irqpath
	$(Q)$(BUILD)/tools/gencompletion zsh > $(@D)/_irqpath
	@touch $@
$(BUILD)/tools/genman $(BUILD)/tools/gencompletion: $(BUILD)/tools/%: tools/%.c tools/usage.c tools/usage.h $(LIB) $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(SAY) CC $<
	$(Q)$(CC) $(ALL_CFLAGS) $(DEFINES) -I tools $(ALL_LDFLAGS) -o $@ $< tools/usage.c $(LIB) $(PKG_LIBS)

.PHONY: samples-expected
samples-expected: all	## write the expected reports of samples/ anew; look at the difference before you commit it
	@for d in samples/*/; do \
		( cd $$d && $(TOP)/irqpath analyze trace.* > expected-report.txt; echo "$$d: exit status $$?" ); \
	done

# The same objects, save those that know where the rules are.
INST	:= build/install
INST_OBJS := $(RULES_DIR_SRCS:src/%.c=$(INST)/%.o)
DOCS	:= README.md CHANGELOG.md $(wildcard docs/*.md docs/*.json)
SHARE	= $(DESTDIR)$(PREFIX)/share
# Below PREFIX; distributions differ.
ZSH_COMPLETIONS ?= share/zsh/site-functions
.PHONY: install uninstall
install: all man $(INST)/irqpath	## install into PREFIX=/usr/local, below DESTDIR
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/lib/irqpath' '$(SHARE)/irqpath' '$(SHARE)/doc/irqpath' \
		'$(SHARE)/bash-completion/completions' '$(DESTDIR)$(PREFIX)/$(ZSH_COMPLETIONS)' '$(SHARE)/doc/irqpath/examples'
	install -m 755 $(INST)/irqpath '$(DESTDIR)$(PREFIX)/bin/irqpath'
	install -m 644 irqpath_sqlite.so '$(DESTDIR)$(PREFIX)/lib/irqpath/irqpath_sqlite.so'
	rm -rf '$(SHARE)/irqpath/rules.d' '$(SHARE)/doc/irqpath/examples/samples'
	cp -R rules.d '$(SHARE)/irqpath/rules.d'
	cp -R samples '$(SHARE)/doc/irqpath/examples/samples'
	chmod -R u=rwX,go=rX '$(SHARE)/irqpath/rules.d' '$(SHARE)/doc/irqpath/examples/samples'
	install -m 644 $(wildcard docs/*.tsv) '$(SHARE)/irqpath'
	install -m 644 $(DOCS) '$(SHARE)/doc/irqpath'
	install -m 644 $(COMPLETION)/irqpath '$(SHARE)/bash-completion/completions/irqpath'
	install -m 644 $(COMPLETION)/_irqpath '$(DESTDIR)$(PREFIX)/$(ZSH_COMPLETIONS)/_irqpath'
	for page in $(MAN)/*.[157]; do \
		install -D -m 644 $$page "$(SHARE)/man/man$${page##*.}/$${page##*/}" || exit 1; \
	done
uninstall:	## remove what install put there
	rm -f '$(DESTDIR)$(PREFIX)/bin/irqpath' '$(SHARE)/bash-completion/completions/irqpath' \
		'$(DESTDIR)$(PREFIX)/$(ZSH_COMPLETIONS)/_irqpath' '$(SHARE)'/man/man[157]/irqpath.1 '$(SHARE)'/man/man[157]/irqpath-*.[157]
	rm -rf '$(DESTDIR)$(PREFIX)/lib/irqpath' '$(SHARE)/irqpath' '$(SHARE)/doc/irqpath'

$(INST)/irqpath: $(MAIN_OBJ) $(INST_OBJS) $(LIB)
	$(Q)$(SAY) LD $@
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(MAIN_OBJ) $(INST_OBJS) $(LIB) $(PKG_LIBS)
$(INST)/%.o: RULES_DIR = $(PREFIX)/share/irqpath/rules.d
$(INST)/%.o: TABLES_DIR = $(PREFIX)/share/irqpath
$(INST)/%.o: src/%.c FORCE | have-deps $(GEN)
	@mkdir -p $(@D)
	$(Q)$(SAY) CC $@
	$(Q)$(CC) $(ALL_CFLAGS) $(DEFINES) -c -o $@ $<

.PHONY: deb
deb:		## build the Debian package, into the folder above; it needs debhelper and what make check installs
	dpkg-buildpackage -us -uc -b

.PHONY: clean
clean:		## remove all that was built
	rm -rf build build-san build-fuzz irqpath irqpath_sqlite.so
