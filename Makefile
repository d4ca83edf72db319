# Makefile - builds ./gradc, build/libgradc.a and build/libgradc.so; `make help` lists the targets.
#
# Sources are found by wildcard, so a new file needs no line here. Everything that is made
# stands in $(BUILD), but for ./gradc. Other builds live beside it in folders of their own:
# `make CC=clang BUILD=build/clang` makes build/clang/gradc, `make SAN=1` build/asan/gradc.

comma  := ,
space  := $(subst ,, )
PREFIX ?= /usr/local
BUILD  ?= $(if $(SAN),build/asan,build)
CFLAGS ?= -O2$(if $(SAN), -g)
LDLIBS  = -lm -ldl -lpthread $(ZLIB)
BISON  ?= bison
FLEX   ?= flex
AWK    ?= awk

# SAN=1: address and undefined-behaviour sanitizers, every object of an arena a block of its own, and
# the graph verified after every pass.
SANITIZE := $(if $(SAN),-fsanitize=address$(comma)undefined -fno-sanitize-recover=undefined \
    -fno-omit-frame-pointer -DARENA_DEBUG -DGRADC_VERIFY)
WARN     := -Wall -Wextra $(if $(WERROR),-Werror)
FLAGS     = -std=c11 $(CFLAGS) $(SANITIZE) $(WARN) -fPIC -fvisibility=hidden \
    -D_POSIX_C_SOURCE=200809L -I. -I$(BUILD) $(CPPFLAGS)

# --- What there is -----------------------------------------------------------------------------

# libtcc becomes a part of the library where it is there; without it the backend "tcc" says so.
LIBTCC   := $(if $(filter Linux,$(shell uname -s)),$(wildcard $(shell $(CC) -print-file-name=libtcc.a)))

# So does zlib; without it compressed array files are refused. A Mac always has it.
ZLIB_SO  := $(wildcard $(shell $(CC) -print-file-name=libz.so))
ZLIB     := $(if $(ZLIB_SO)$(filter Darwin,$(shell uname -s)),-lz)

GRADC    := $(if $(filter build,$(BUILD)),gradc,$(BUILD)/gradc)
GRAMMAR  := $(if $(wildcard grammar/dg.y),$(BUILD)/grammar/dg.tab.c) \
            $(if $(wildcard grammar/dg.l),$(BUILD)/grammar/dg.lex.c)
LONGEST  := $(sort $(wildcard runtime/kernels_*.c runtime/interp.c)) # first: none is left for the end
LIB_SRC  := $(LONGEST) $(filter-out $(LONGEST),$(sort $(wildcard compiler/*.c runtime/*.c)))
CLI_SRC  := $(sort $(wildcard compiler/cli/*.c))
GEN_OBJ  := $(patsubst $(BUILD)/%.c,$(BUILD)/obj/%.o,$(GRAMMAR) $(BUILD)/snippets.c)
LIB_OBJ  := $(LIB_SRC:%.c=$(BUILD)/obj/%.o) $(GEN_OBJ) $(if $(LIBTCC),$(BUILD)/obj/libtcc.o)
CLI_OBJ  := $(CLI_SRC:%.c=$(BUILD)/obj/%.o)

# The order of the snippets in emitted C: what all may use, elementary functions, matrix products,
# linear algebra, others.
SNIPPETS := $(sort $(wildcard compiler/snippets/*.c))
SNIPPETS_FIRST := $(foreach kind,core math_ gemm linalg,$(filter compiler/snippets/$(kind)%,$(SNIPPETS)))
SNIPPETS_ORDER := $(SNIPPETS_FIRST) $(filter-out $(SNIPPETS_FIRST),$(SNIPPETS))

EXAMPLES := $(patsubst examples/%.dg,%,$(sort $(wildcard examples/*.dg)))
STD      := $(wildcard runtime/std/*.dg)
UNITS    := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(sort $(wildcard tests/unit/*.c)))
DRIVERS  := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/*_driver.c))
HELPERS  := $(filter-out tests/%_driver.c,$(wildcard tests/*.c)) $(wildcard tests/bench/hand_*.c)

ifeq ($(shell uname -s),Darwin) # ld -r makes hidden names local by itself there
LOCALIZE := true
SONAME    = -Wl,-install_name,$(PREFIX)/lib/libgradc.so.0
else
LOCALIZE := objcopy --localize-hidden --wildcard --keep-global-symbol='gradc_*'
SONAME    = -Wl,-soname,libgradc.so.0
endif

# `cc compiler/foo.c` instead of the whole command; V=1 shows that, -s nothing.
quiet = $(findstring s,$(firstword -$(MAKEFLAGS)))
say   = $(if $(V),,@$(if $(quiet),,echo '$1 $2';))
# Stops with a hint where a tool is missing: `make` itself never installs anything.
need  = command -v $1 >/dev/null || { echo "$1 is missing: run scripts/setup.sh" >&2; exit 1; };

# --- Build -------------------------------------------------------------------------------------

.PHONY: all lib units drivers examples demo test check bench fuzz bless install uninstall clean \
    format help
.DELETE_ON_ERROR:
.SECONDARY:

all: lib $(if $(CLI_SRC),$(GRADC)) ## build ./gradc and the library (default; V=1 shows commands)
	@:
lib: $(BUILD)/libgradc.a $(BUILD)/libgradc.so

$(GRADC): $(CLI_OBJ) $(BUILD)/libgradc.a
	$(call say,ld,$@)$(CC) $(FLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# One object with every internal name made local, so that none can clash with a host's.
$(BUILD)/libgradc.a: $(LIB_OBJ)
	$(call say,ar,$@)rm -f $@ && $(LD) -r -o $(BUILD)/libgradc.o $^ && \
	    $(LOCALIZE) $(BUILD)/libgradc.o && $(AR) rcs $@ $(BUILD)/libgradc.o

$(BUILD)/libgradc.so: $(BUILD)/libgradc.a
	$(call say,ld,$@)$(CC) $(FLAGS) $(LDFLAGS) -shared $(SONAME) -o $@ $(BUILD)/libgradc.o $(LDLIBS) && \
	    ln -sf libgradc.so $@.0

# The same objects with their internal names, for tests that look inside.
$(BUILD)/internal.a: $(LIB_OBJ)
	$(call say,ar,$@)rm -f $@ && $(AR) qcs $@ $^

$(BUILD)/obj/runtime/find_std.o: CPPFLAGS += -DGRADC_STD_DIR='"$(PREFIX)/share/gradc/std"'

# One object of libtcc, in which what it has of the C library's that does not suit a library (it ends
# the process, it prints, it is not built to be part of a shared library) is ours: runtime/jit_tcc.c.
$(BUILD)/obj/runtime/jit_tcc.o: CPPFLAGS += $(if $(LIBTCC),-DGRADC_TCC)
$(BUILD)/obj/runtime/jit_tcc.o: $(LIBTCC) # made again once libtcc has been installed
$(BUILD)/obj/libtcc.o: $(LIBTCC) Makefile
	$(call say,objcopy,$<)mkdir -p $(@D) && $(LD) -r --whole-archive $< -o $@ && \
	    objcopy $(foreach n,exit stdout stderr environ,--redefine-sym $n=gradc_tcc_$n) $@

$(BUILD)/obj/runtime/unpack.o: CPPFLAGS += $(if $(ZLIB),-DGRADC_ZLIB)
$(BUILD)/obj/runtime/unpack.o: $(ZLIB_SO)

# What code of libtcc's calls is compiled for several instruction sets, with optimisation unless CFLAGS
# says -O0 (runtime/kernels.h). Kernels ask for no errno and no traps; fused multiply-adds are
# welcome. Not -O3: it takes twice the time, and they gain nothing (make bench).
KERNELS   := $(patsubst %,$(BUILD)/obj/runtime/kernels_%.o,base v3 v4)
X86_64    := $(findstring x86_64,$(shell $(CC) -dumpmachine))
VECTORISE := -ftree-vectorize $(if $(findstring clang,$(shell $(CC) --version)),,-fvect-cost-model=dynamic)
$(KERNELS): FLAGS += $(if $(findstring -O0,$(CFLAGS)),,$(if $(SAN),-O1,-O2)) -fno-math-errno -fno-trapping-math -ffp-contract=fast
ifeq ($(SAN),) # sanitizers see all there is to see in the base
$(BUILD)/obj/runtime/kernels_base.o: FLAGS += $(if $(X86_64),,$(VECTORISE))
$(BUILD)/obj/runtime/kernels_v3.o: FLAGS += $(if $(X86_64),$(VECTORISE) -mavx2 -mfma -mbmi -mbmi2)
$(BUILD)/obj/runtime/kernels_v4.o: FLAGS += $(if $(X86_64),$(VECTORISE) -mavx2 -mfma -mbmi -mbmi2 -mavx512f \
    -mavx512bw -mavx512cd -mavx512dq -mavx512vl -mprefer-vector-width=512)
endif
$(KERNELS): $(BUILD)/snippets_plain.h
$(BUILD)/snippets_plain.h: scripts/embed.awk $(SNIPPETS)
	$(call say,embed,compiler/snippets)mkdir -p $(BUILD) && \
	    $(AWK) -v plain=1 -f scripts/embed.awk $(SNIPPETS_ORDER) /dev/null >$@

# The scanner's and the parser's headers must be there before the first source is read.
$(BUILD)/obj/%.o: %.c | $(GRAMMAR)
	$(call say,cc,$<)mkdir -p $(@D) && $(CC) $(FLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/obj/%.o: $(BUILD)/%.c | $(GRAMMAR)
	$(call say,cc,$<)mkdir -p $(@D) && $(CC) $(FLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/obj/grammar/%.o: WARN += -Wno-sign-compare -Wno-unused-function -Wno-unused-but-set-variable

$(BUILD)/grammar/dg.tab.c $(BUILD)/grammar/dg.tab.h &: grammar/dg.y
	$(call say,bison,$<)$(call need,$(BISON)) mkdir -p $(BUILD)/grammar && \
	    $(BISON) -Wall -Werror --defines=$(BUILD)/grammar/dg.tab.h -o $(BUILD)/grammar/dg.tab.c $<
$(BUILD)/grammar/dg.lex.c $(BUILD)/grammar/dg.lex.h &: grammar/dg.l
	$(call say,flex,$<)$(call need,$(FLEX)) mkdir -p $(BUILD)/grammar && \
	    $(FLEX) --header-file=$(BUILD)/grammar/dg.lex.h -o $(BUILD)/grammar/dg.lex.c $<
$(BUILD)/snippets.c: scripts/embed.awk $(SNIPPETS)
	$(call say,embed,compiler/snippets)mkdir -p $(BUILD) && \
	    $(AWK) -f scripts/embed.awk $(SNIPPETS_ORDER) /dev/null >$@

# --- Tests -------------------------------------------------------------------------------------

# Of the libraries that only tests use, those that are there; looked up once, when first wanted.
there = $(shell echo 'int main(void){return 0;}' | $(CC) -xc - $1 -o /dev/null 2>/dev/null && echo $1)
TEST_LIBS = $(eval TEST_LIBS := $$(strip $$(foreach l,-lmpfr -lgmp -ltcc -ldl -lpthread,$$(call there,$$l))))$(TEST_LIBS)

units: $(UNITS)
drivers: $(DRIVERS)
$(UNITS) $(DRIVERS): $(BUILD)/tests/%: tests/%.c $(BUILD)/tests/helpers.a $(BUILD)/internal.a
	$(call say,cc,$<)mkdir -p $(@D) && $(CC) $(FLAGS) $(LDFLAGS) -MMD -MP -MF $@.d -o $@ \
	    $< $(filter %.a,$^) $(TEST_LIBS) $(LDLIBS)
$(BUILD)/tests/helpers.a: $(HELPERS:%.c=$(BUILD)/obj/%.o)
	$(call say,ar,$@)mkdir -p $(@D) && rm -f $@ && $(AR) qcs $@ $^

# The C of the examples, as it comes and with `real` meaning f32.
examples: $(foreach e,$(EXAMPLES),$(BUILD)/examples/$e.c $(BUILD)/examples_f32/$e.c) \
    $(BUILD)/examples/work.h $(BUILD)/examples_f32/work.h
$(BUILD)/examples/%.c $(BUILD)/examples/%.h: examples/%.dg $(STD) $(GRADC)
	$(call say,gradc,$<)mkdir -p $(@D) && $(abspath $(GRADC)) $< \
	    -o $(BUILD)/examples/$*.c --header $(BUILD)/examples/$*.h
$(BUILD)/examples_f32/%.c $(BUILD)/examples_f32/%.h: examples/%.dg $(STD) $(GRADC)
	$(call say,gradc,$< --real f32)mkdir -p $(@D) && $(abspath $(GRADC)) $< --real f32 \
	    -o $(BUILD)/examples_f32/$*.c --header $(BUILD)/examples_f32/$*.h

# Macros that pass a function a workspace where it wants one.
$(BUILD)/examples/work.h: $(EXAMPLES:%=$(BUILD)/examples/%.h)
$(BUILD)/examples_f32/work.h: $(EXAMPLES:%=$(BUILD)/examples_f32/%.h)
$(BUILD)/%/work.h: tests/work.sh
	$(call say,work,$@)sh tests/work.sh $(filter %.h,$^) >$@

demo: ## install what is missing, build, learn digits of MNIST with an emitted gradient
	@scripts/setup.sh build
	@$(AFRESH) $(MAKE) --no-print-directory -j2 all
	@scripts/demo.sh

test: ## install what is missing, build and run every test (tests/run.sh GROUP: one group)
	@scripts/setup.sh
	@$(AFRESH) $(MAKE) --no-print-directory -j2 all
	@$(AFRESH) tests/run.sh

# For a make of its own: it gets the settings, from the environment, but no flags and no job server.
AFRESH := env -u MAKEFLAGS -u MFLAGS

check: ## sanitizers (gcc and clang), no warnings, static analysis, all of MNIST
	@$(AFRESH) -u BUILD $(MAKE) --no-print-directory -j2 all SAN=1 WERROR=1
	@$(AFRESH) -u BUILD SAN=1 tests/run.sh unit errors lang
	@echo 'threads, under the thread sanitizer'; \
	    $(AFRESH) $(MAKE) --no-print-directory -s -j2 BUILD=build/tsan CFLAGS='-O1 -g -fsanitize=thread' \
	        $(foreach t,runtime auto,build/tsan/tests/unit/$t_test) && \
	    build/tsan/tests/unit/runtime_test 20 && build/tsan/tests/unit/auto_test
	@if command -v clang >/dev/null; then \
	    $(AFRESH) $(MAKE) --no-print-directory -j2 all CC=clang BUILD=build/clang WERROR=1; \
	else echo 'clang is missing: no clang build'; fi
	@if command -v cppcheck >/dev/null; then echo cppcheck; \
	    cppcheck -q -j2 --std=c11 --error-exitcode=1 --inline-suppr --enable=warning,portability \
	        --suppress=missingIncludeSystem -I. -I$(BUILD) $(LIB_SRC) $(CLI_SRC); \
	else echo 'cppcheck is missing: not run'; fi
	@if command -v clang-tidy >/dev/null; then echo clang-tidy; \
	    printf '%s\n' $(LIB_SRC) $(CLI_SRC) | xargs -P2 -n1 clang-tidy --quiet \
	        --checks='$(TIDY)' --warnings-as-errors='*' -- $(FLAGS) 2>/dev/null; \
	else echo 'clang-tidy is missing: not run'; fi
	@$(AFRESH) $(MAKE) --no-print-directory -j2 all
	@$(AFRESH) $(MAKE) --no-print-directory $(BUILD)/tests/unit/strips_test && \
	    GRADC_TEST_CC=1 $(BUILD)/tests/unit/strips_test examples
	@STRIDE=1 GRADC=./$(GRADC) BUILD=$(BUILD) bash tests/cli/show.sh
	@GRADC=./$(GRADC) tests/mnist.sh
TIDY = -*,clang-analyzer-*,-clang-analyzer-security.insecureAPI.*,bugprone-*,-bugprone-easily-swappable-parameters,-bugprone-narrowing-conversions,-bugprone-reserved-identifier,-bugprone-sizeof-expression,-bugprone-assignment-in-if-condition

bench: all ## time gradients against values and hand-written code
	@BUILD='$(BUILD)' GRADC=./$(GRADC) tests/bench/bench.sh

fuzz: all ## feed the compiler random models
	@if [ -x tests/fuzz.sh ]; then BUILD='$(BUILD)' GRADC=./$(GRADC) tests/fuzz.sh; \
	else echo 'tests/fuzz.sh is not there'; fi

bless: all ## rewrite what golden and error tests expect (T=NAME: one test), to be read as a diff
	@$(AFRESH) tests/run.sh --bless $(T)

# --- Install and tidy up -----------------------------------------------------------------------

DEST    = $(DESTDIR)$(PREFIX)
VERSION = $(shell sed -n 's/^\#define GRADC_VERSION "\([^"]*\)".*/\1/p' runtime/gradc.h)
# $(call configured,FILE,LIBS,FOLDER): an installed file that knows the version and what the archive needs.
configured = sed -e 's|@VERSION@|$(VERSION)|' -e 's|@LIBS@|$2|' $1.in >$3/$(notdir $1) && \
    chmod 644 $3/$(notdir $1)
install: all ## install under PREFIX (/usr/local), below DESTDIR
	install -d $(DEST)/bin $(DEST)/include $(DEST)/lib/pkgconfig $(DEST)/lib/cmake/gradc \
	    $(DEST)/share/gradc/std $(DEST)/share/gradc/python/gradc $(DEST)/share/man/man1
	install -m 755 $(GRADC) $(DEST)/bin/gradc
	install -m 644 runtime/gradc.h $(DEST)/include/gradc.h
	install -m 644 $(BUILD)/libgradc.a $(DEST)/lib/libgradc.a
	install -m 755 $(BUILD)/libgradc.so $(DEST)/lib/libgradc.so.0
	ln -sf libgradc.so.0 $(DEST)/lib/libgradc.so
	install -m 644 $(STD) $(DEST)/share/gradc/std
	install -m 644 runtime/python/gradc/*.py $(DEST)/share/gradc/python/gradc
	install -m 644 docs/gradc.1 $(DEST)/share/man/man1/gradc.1
	$(call configured,runtime/gradc.pc,$(LDLIBS),$(DEST)/lib/pkgconfig)
	$(call configured,runtime/cmake/gradcConfig.cmake,$(subst $(space),;,$(LDLIBS)),$(DEST)/lib/cmake/gradc)
	$(call configured,runtime/cmake/gradcConfigVersion.cmake,,$(DEST)/lib/cmake/gradc)

uninstall: ## remove what install put there
	rm -f $(DEST)/bin/gradc $(DEST)/include/gradc.h $(DEST)/share/man/man1/gradc.1 \
	    $(DEST)/lib/libgradc.a $(DEST)/lib/libgradc.so $(DEST)/lib/libgradc.so.0 \
	    $(DEST)/lib/pkgconfig/gradc.pc
	rm -rf $(DEST)/share/gradc $(DEST)/lib/cmake/gradc

clean: ## remove everything that was made
	rm -rf build $(BUILD) gradc

format: ## lay the sources out as .clang-format says
	clang-format -i $$(git ls-files '*.c' '*.h')

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/\1|\2/p' Makefile | \
	    while IFS='|' read -r name what; do printf '%-10s %s\n' "make $$name" "$$what"; done

-include $(patsubst %.o,%.d,$(LIB_OBJ) $(CLI_OBJ) $(HELPERS:%.c=$(BUILD)/obj/%.o)) \
    $(addsuffix .d,$(UNITS) $(DRIVERS))
