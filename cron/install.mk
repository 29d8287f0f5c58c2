# SPDX-License-Identifier: Apache-2.0
#
# Where things go: make install PREFIX=/usr DESTDIR=/tmp/image
# The configuration is kept when it is there already, by install and by uninstall.

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
UNITDIR ?= $(PREFIX)/lib/systemd/system
DESTDIR ?=

CONFIGURATION := $(DESTDIR)$(SYSCONFDIR)/iam-token-gc/iam-token-gc.yaml
SHARE := $(DESTDIR)$(PREFIX)/share
INSTALLED := $(DESTDIR)$(PREFIX)/bin/iam-token-gc $(SHARE)/man/man1/iam-token-gc.1 \
	$(SHARE)/bash-completion/completions/iam-token-gc $(SHARE)/zsh/vendor-completions/_iam-token-gc \
	$(DESTDIR)$(UNITDIR)/iam-token-gc.service $(DESTDIR)$(UNITDIR)/iam-token-gc.timer

.PHONY: install uninstall deb

$(BUILD)/install/%: $(PROGRAM)
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(PROGRAM) --generate $* > $@.new
	$(Q)mv $@.new $@

install: $(PROGRAM) $(addprefix $(BUILD)/install/,man bash-completion zsh-completion) ## install below PREFIX (/usr/local) and DESTDIR
	$(Q)install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/iam-token-gc
	$(Q)install -D -m 644 $(BUILD)/install/man $(SHARE)/man/man1/iam-token-gc.1
	$(Q)install -D -m 644 $(BUILD)/install/bash-completion $(SHARE)/bash-completion/completions/iam-token-gc
	$(Q)install -D -m 644 $(BUILD)/install/zsh-completion $(SHARE)/zsh/vendor-completions/_iam-token-gc
	$(Q)install -D -m 644 cron/iam-token-gc.timer $(DESTDIR)$(UNITDIR)/iam-token-gc.timer
	$(Q)sed 's|^ExecStart=/usr/bin/|ExecStart=$(PREFIX)/bin/|' cron/iam-token-gc.service \
		| install -D -m 644 /dev/stdin $(DESTDIR)$(UNITDIR)/iam-token-gc.service
	$(Q)install -d $(SHARE)/iam-token-gc/sql $(SHARE)/iam-token-gc/kubernetes
	$(Q)install -m 644 sql/admin/*.sql $(SHARE)/iam-token-gc/sql
	$(Q)install -m 644 cron/kubernetes/*.yaml $(SHARE)/iam-token-gc/kubernetes
	$(Q)install -m 644 cron/iam-token-gc.cron $(SHARE)/iam-token-gc/iam-token-gc.cron
	$(Q)[[ -e $(CONFIGURATION) ]] || install -D -m 640 config/iam-token-gc.yaml $(CONFIGURATION)

uninstall: ## remove what install installed, but for the configuration
	$(Q)rm -f $(INSTALLED)
	$(Q)rm -rf $(SHARE)/iam-token-gc
	$(Q)if [[ -e $(CONFIGURATION) ]]; then echo "kept: $(CONFIGURATION)"; fi

# The package is made of what is built here, so that nothing is compiled twice: debhelper would give flags of its
# own, and other flags are another build. dpkg wants a folder of its own.
deb: $(PROGRAM) $(STAMPS)/deps-full ## make the Debian package, build/deb/*.deb
	$(call say,DEB,build/deb)
	$(Q)rm -rf build/deb && mkdir -p build/deb/iam-token-gc
	$(Q)cp -r cron/debian build/deb/iam-token-gc/debian
	$(Q)cd build/deb/iam-token-gc && MAKEFLAGS= DEB_CXXFLAGS_SET='$(CXXFLAGS)' DEB_LDFLAGS_SET='$(LDFLAGS)' \
		dpkg-buildpackage --build=binary --unsigned-source --unsigned-changes > ../build.log 2>&1 || { tail -n 40 ../build.log >&2; exit 1; }
