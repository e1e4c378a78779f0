# SPDX-License-Identifier: MIT
# packline: one Makefile for the whole tree. `make help` lists what it can do.
#
#   VARIANT=dev      warnings are errors, -O1 -g (the default)
#   VARIANT=release  hardened, -O2
#   VARIANT=asan     AddressSanitizer, UndefinedBehaviorSanitizer, leaks; what `make test` runs
#   VARIANT=cov      gcov counters
#   VARIANT=fuzz     clang libFuzzer
# Each variant has a directory of its own below build/, so they never mix.

VARIANT ?= dev
CC      := $(if $(filter default,$(origin CC)),gcc,$(CC))
B       := build/$(VARIANT)
JOBS    ?= $(shell nproc)
# A target that needs packages first runs itself again after the install: only then are the libraries found.
again    = $(MAKE) --no-print-directory $(if $(V),,-s) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS))

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wformat=2 -Wvla -Wundef -Wwrite-strings -Wcast-qual -Wswitch-enum -Wnull-dereference

flags_dev     := -O1 -g -Werror
# What this compiler knows of: takes FLAGS is FLAGS, or nothing.
takes = $(shell echo 'int main(void) { return 0; }' | $(CC) -Werror -O2 $(1) -include string.h -xc -c -o /dev/null - 2>/dev/null && echo '$(1)')
flags_release = -O2 -g $(hardened)
ifeq ($(VARIANT),release)
hardened := $(or $(call takes,-D_FORTIFY_SOURCE=3),-D_FORTIFY_SOURCE=2) $(call takes,-fcf-protection=full) \
            -fstack-protector-strong -fstack-clash-protection -fPIE
endif
flags_asan    := -O1 -g1 -Werror -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
flags_cov     := -O0 -g --coverage
flags_fuzz    := -O1 -g1 -Werror -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
link_release  := -pie -Wl,-z,relro,-z,now
link_asan     := -fsanitize=address,undefined
link_cov      := --coverage -u __gcov_reset -u __gcov_dump # for who counts a part of a run
link_fuzz     := -fsanitize=address,undefined

include assets/build/libraries.mk

CPPFLAGS += -I. -I$(B)/gen -D_GNU_SOURCE -DG_LOG_DOMAIN='"packline"'
CFLAGS   += -std=c17 $(WARNINGS) $(flags_$(VARIANT)) -pthread
LDFLAGS  += $(link_$(VARIANT)) -Wl,--as-needed -pthread

# --- what there is ------------------------------------------------------------------------------

core_src     := $(wildcard core/*/*.c)
tui_src      := $(filter-out tui/main.c,$(wildcard tui/*.c tui/*/*.c))
printing_src := $(filter-out printing/main.c,$(wildcard printing/*.c printing/*/*.c))
support_src  := $(wildcard tests/support/*.c) $(filter-out %_test.c,$(wildcard tests/sim/small_*.c)) $(filter-out %_bench.c,$(wildcard tests/bench/*.c))
test_src     := $(wildcard tests/*/*_test.c tests/*/*/*_test.c)
bench_src    := $(wildcard tests/bench/*_bench.c)
soak_src     := $(wildcard tests/sim/soak.c)
faults_src   := $(wildcard tests/faults/*_faults.c)
fuzz_src     := $(wildcard tests/fuzz/*_fuzz.c)
scripts      := $(wildcard tests/lint/*.t tests/flow/*.t tests/printing/*.t)
schema_src   := $(sort $(wildcard core/db/schema/*.sql))
languages    := $(basename $(notdir $(wildcard assets/locale/*.po)))

object = $(patsubst %.c,$(B)/%.o,$(1))

archives   := $(B)/libtui.a $(B)/libprinting.a $(B)/libcore.a
programs   := $(B)/packline $(if $(wildcard printing/main.c),$(B)/packline-print)
catalogues := $(languages:%=$(B)/assets/locale/%/LC_MESSAGES/packline.mo)
tests      := $(patsubst %.c,$(B)/%,$(test_src))
benches    := $(patsubst %.c,$(B)/%,$(bench_src))
soaks      := $(patsubst %.c,$(B)/%,$(soak_src))
campaigns  := $(patsubst %.c,$(B)/%,$(faults_src))
fuzzers    := $(patsubst %.c,$(B)/%,$(fuzz_src))

# --- what a person asks for ----------------------------------------------------------------------

.PHONY: help flags all run demo-reset test check lint asan cov fuzz bench soak faults faults-full pot install clean
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

flags: ## what VARIANT is compiled with -- and linked with
	@echo '$(flags_$(VARIANT)) -- $(link_$(VARIANT))'

all: $(programs) $(catalogues) ## both programs and the translations, in build/VARIANT

run: ## install what is missing, build, and open the program on a demo floor
	@assets/build/install-packages run build
	+@$(again) VARIANT=release all
	@assets/build/open-demo build/release/packline

demo-reset: ## make the demo floor anew
	@assets/build/install-packages run build
	+@$(again) VARIANT=release all
	@assets/build/open-demo build/release/packline --reset

test: ## install what is missing, build with sanitizers and run every test
	@assets/build/install-packages run build test
	+@$(again) VARIANT=asan all tests
	+@$(again) VARIANT=fuzz CC=clang fuzzers
	+@$(again) clang-check clang_src="$(filter-out $(product_src) $(support_src) $(fuzz_src),$(all_src))"
	@tests/support/run-tests build/asan $(call in_order,$(patsubst %.c,build/asan/%,$(test_src)) $(scripts) $(wildcard tests/fuzz/*.t))

# What waits for printers and big files begins first, and the others run beside it; what is held to a time runs alone, last.
in_order = $(filter $(long),$(1)) $(filter-out $(long) $(timed),$(1)) $(filter $(timed),$(1))
long    := %/engines_test %/cups_worker_test %/cups_state_test %/cups_told_test %/intake_test %/worker_test %/worker_run_test %/check_test %/kill_test
timed   := %/timed/terminal_test

check: ## build and run the tests of this VARIANT, installing nothing; ONLY=word picks by path
	+@$(again) VARIANT=$(VARIANT) all $(call chosen,$(tests))
	@tests/support/run-tests $(B) $(call in_order,$(call chosen,$(tests) $(scripts)))
chosen = $(if $(ONLY),$(foreach path,$(1),$(if $(findstring $(ONLY),$(path)),$(path))),$(1))

lint: clang-check ## layering, headers, words, warnings of clang
	@tests/support/run-tests build/dev $(wildcard tests/lint/*.t)

asan: ## the tests under the sanitizers, without installing anything
	+@$(again) VARIANT=asan check

cov: ## the tests with counters; prints the coverage of each directory
	+@$(again) VARIANT=cov check
	@tests/support/coverage build/cov

fuzz: ## run each fuzz target for SECONDS (default 30)
	+@$(again) VARIANT=fuzz CC=clang fuzzers
	@tests/support/run-fuzz $(or $(SECONDS),30) $(patsubst %.c,build/fuzz/%,$(fuzz_src))

bench: ## the marks with their baselines, on 10,000 and 1,000,000 orders
	@assets/build/install-packages run build test
	+@$(again) VARIANT=release all benches
	@tests/bench/run build/release

# Of what these do, the other tests do a slice.
whole := $(patsubst %,build/release/tests/flow/%_test,intake copy)

soak: ## the seeded world for long; PACKLINE_SOAK_ORDERS (1000000), PACKLINE_SOAK_SEED; PACKLINE_SOAK_WORLDS (40) on both engines
	+@$(again) VARIANT=release all soaks build/release/tests/sim/engines_test $(whole)
	@for soak in $(patsubst %.c,build/release/%,$(soak_src)); do $$soak || exit 1; done
	@tests/support/run-postgres tests/sim/worlds build/release
	@PACKLINE_TEST_WHOLE=1 tests/support/run-tests build/release $(whole)

faults: ## every campaign of faults for minutes: what was lost, who was stuck; ONLY="kill" names campaigns
	@assets/build/install-packages run build test
	+@$(again) VARIANT=release all campaigns
	@tests/support/run-faults build/release $(ONLY)

faults-full: ## the same for hours; the table goes into assets/doc/RELIABILITY.md
	@assets/build/install-packages run build test
	+@$(again) VARIANT=release all campaigns
	@PACKLINE_FAULTS_TIMES=25 tests/support/run-faults --write assets/doc/RELIABILITY.md build/release $(ONLY)

clean: ## remove everything built
	rm -rf build

# --- how it is built -----------------------------------------------------------------------------

.PHONY: tests benches soaks campaigns fuzzers clang-check
tests: $(tests)
benches: $(benches)
soaks: $(soaks)
campaigns: $(campaigns)
fuzzers: $(fuzzers)

$(B)/libcore.a:     $(call object,$(core_src)) $(B)/gen/schema.o
$(B)/libtui.a:      $(call object,$(tui_src))
$(B)/libprinting.a: $(call object,$(printing_src))
$(B)/libsupport.a:  $(call object,$(support_src))
$(B)/lib%.a:
	@mkdir -p $(@D)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(B)/packline: $(B)/tui/main.o $(B)/libtui.a $(B)/libcore.a
	$(say) "  LINK    $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(core_libs) $(tui_libs)
$(B)/packline-print: $(B)/printing/main.o $(B)/libprinting.a $(B)/libcore.a
	$(say) "  LINK    $@"
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(core_libs) $(printing_libs)
$(tests) $(benches) $(soaks) $(campaigns): $(B)/%: $(B)/%.o $(B)/libsupport.a $(archives)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(core_libs) $(tui_libs) $(printing_libs) $(test_libs)
$(fuzzers): $(B)/%: $(B)/%.o $(B)/libsupport.a $(archives)
	$(Q)$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(core_libs) $(tui_libs) $(printing_libs) $(test_libs)

# The schema is compiled in: the program and the tables it makes are always of one version.
$(B)/gen/schema.c: $(schema_src) core/db/schema/embed.awk
	@mkdir -p $(@D)
	$(Q)awk -f core/db/schema/embed.awk $(schema_src) >$@
$(B)/gen/%.o: $(B)/gen/%.c
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -Wno-overlength-strings -MMD -MP -c -o $@ $<
$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(say) "  CC      $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(lib_flags) -MMD -MP -c -o $@ $<

# clang's warnings over every file, without making anything of it; `make test` has seen those that the fuzzers are made of.
product_src := $(core_src) $(tui_src) $(printing_src)
all_src     := $(product_src) $(support_src) $(test_src) $(bench_src) $(soak_src) $(faults_src) $(fuzz_src) $(wildcard tui/main.c printing/main.c)
clang_src   := $(all_src)
clang-check: $(clang_src:%.c=build/clang/%.ok)
build/clang/%.ok: %.c
	@mkdir -p $(@D)
	$(say) "  CLANG   $<"
	$(Q)clang $(CPPFLAGS) -std=c17 $(WARNINGS) -Werror -fsyntax-only $(lib_flags) -MMD -MP -MT $@ -MF $(@:.ok=.d) $<
	@touch $@

# --- translations --------------------------------------------------------------------------------

translated_src := $(sort $(core_src) $(tui_src) $(printing_src) $(wildcard tui/main.c printing/main.c core/*/*.h tui/*/*.h printing/*/*.h))
$(B)/assets/locale/%/LC_MESSAGES/packline.mo: assets/locale/%.po
	@mkdir -p $(@D)
	$(Q)msgfmt --check -o $@ $<

build/packline.pot: $(translated_src)
	@mkdir -p $(@D)
	$(Q)xgettext --from-code=UTF-8 --language=C --keyword=_ --keyword=N_ --keyword=NC_:1c,2 --add-comments=TRANSLATORS --add-location=file \
	    --package-name=packline --sort-by-file --no-wrap -o $@ $(translated_src)
	$(Q)sed -i '/^"POT-Creation-Date/d' $@
pot: build/packline.pot ## bring assets/locale/*.po up to the strings of the source
	$(Q)for po in assets/locale/*.po; do msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-wrap $$po $<; done

# --- installing ----------------------------------------------------------------------------------

PREFIX ?= /usr
share   = $(DESTDIR)$(PREFIX)/share/packline
install: all ## into DESTDIR, below PREFIX (default /usr); build with VARIANT=release first
	install -d $(DESTDIR)$(PREFIX)/bin $(share)
	install -m 755 $(programs) $(DESTDIR)$(PREFIX)/bin
	cp -R $(filter-out assets/build assets/locale assets/systemd,$(wildcard assets/*)) $(share)
	cp -R $(B)/assets/locale $(share)
	install -d $(DESTDIR)$(PREFIX)/share/man/man1
	$(B)/packline help --man >$(DESTDIR)$(PREFIX)/share/man/man1/packline.1
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	$(if $(wildcard assets/systemd/*),install -m 644 $(wildcard assets/systemd/*) $(DESTDIR)$(PREFIX)/lib/systemd/system)

ifeq ($(V),1)
Q :=
say := @:
else
Q := @
say := @printf '%s\n'
endif

-include $(shell find $(B) build/clang -name '*.d' 2>/dev/null)
