# SPDX-License-Identifier: MIT
# packline: one Makefile for the whole tree. `make help` lists what it can do.
#
#   VARIANT=dev      warnings are errors, -O1 -g (the default)
#   VARIANT=release  hardened, -O2
#   VARIANT=asan     AddressSanitizer, UndefinedBehaviorSanitizer, leaks
#   VARIANT=cov      gcov counters
#   VARIANT=fuzz     clang libFuzzer
# Each variant has a directory of its own below build/, so they never mix.

VARIANT ?= dev
CC      ?= gcc
B       := build/$(VARIANT)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wformat=2 -Wvla -Wundef -Wwrite-strings -Wcast-qual -Wswitch-enum -Wnull-dereference

flags_dev     := -O1 -g -Werror
flags_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE
flags_asan    := -O1 -g -Werror -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
flags_cov     := -O0 -g --coverage
flags_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
link_release  := -pie -Wl,-z,relro,-z,now
link_asan     := -fsanitize=address,undefined
link_cov      := --coverage
link_fuzz     := -fsanitize=address,undefined

include assets/build/libraries.mk

CPPFLAGS += -I. -I$(B)/gen -D_GNU_SOURCE -DG_LOG_DOMAIN='"packline"'
CFLAGS   += -std=c17 $(WARNINGS) $(flags_$(VARIANT)) -pthread
LDFLAGS  += $(link_$(VARIANT)) -Wl,--as-needed -pthread

# --- what is built -----------------------------------------------------------------------------

core_src     := $(wildcard core/*/*.c)
tui_src      := $(filter-out tui/main.c,$(wildcard tui/*.c tui/*/*.c))
printing_src := $(filter-out printing/main.c,$(wildcard printing/*.c printing/*/*.c))
support_src  := $(wildcard tests/support/*.c)
test_src     := $(wildcard tests/*/*_test.c tests/*/*/*_test.c)
bench_src    := $(wildcard tests/bench/*_bench.c)
fuzz_src     := $(wildcard tests/fuzz/*_fuzz.c)

object = $(patsubst %.c,$(B)/%.o,$(1))

archives := $(B)/libtui.a $(B)/libprinting.a $(B)/libcore.a
programs := $(B)/packline $(if $(wildcard printing/main.c),$(B)/packline-print)
tests    := $(patsubst %.c,$(B)/%,$(test_src))
benches  := $(patsubst %.c,$(B)/%,$(bench_src))

.PHONY: all tests benches
all: $(programs)
tests: $(tests)
benches: $(benches)

$(B)/libcore.a:     $(call object,$(core_src)) $(B)/gen/schema.o
$(B)/libtui.a:      $(call object,$(tui_src))
$(B)/libprinting.a: $(call object,$(printing_src))
$(B)/libsupport.a:  $(call object,$(support_src))
$(B)/lib%.a:
	@rm -f $@
	$(Q)ar rcs $@ $^

$(B)/packline: $(B)/tui/main.o $(B)/libtui.a $(B)/libcore.a
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(core_libs) $(tui_libs)
$(B)/packline-print: $(B)/printing/main.o $(B)/libprinting.a $(B)/libcore.a
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(core_libs) $(printing_libs)
$(tests) $(benches): $(B)/%: $(B)/%.o $(B)/libsupport.a $(archives)
	$(Q)$(CC) $(LDFLAGS) -o $@ $^ $(core_libs) $(tui_libs) $(printing_libs) $(test_libs)

# The schema is compiled in: the program and the tables it makes are always of one version.
$(B)/gen/schema.c: $(sort $(wildcard core/db/schema/*.sql)) core/db/schema/embed.awk
	@mkdir -p $(@D)
	$(Q)awk -f core/db/schema/embed.awk $(sort $(wildcard core/db/schema/*.sql)) >$@ </dev/null
$(B)/gen/%.o: $(B)/gen/%.c
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(lib_flags) -MMD -MP -c -o $@ $<
$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(say) "  CC      $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(lib_flags) -MMD -MP -c -o $@ $<

ifeq ($(V),1)
Q :=
say := @:
else
Q := @
say := @printf '%s\n'
endif

-include $(shell find $(B) -name '*.d' 2>/dev/null)

.PHONY: clean
clean:
	rm -rf build
