# Each target is one line that calls the script of that name; the script's first lines say what it does. `make help` prints
# what stands behind ##; its times are those of two cores.
.PHONY: help setup run quick test windows macos bench peers package pictures notices

help: ## print this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

run: ## build the app and open it on a demo tenant: 15 minutes the first time, then seconds
	@scripts/run.sh

quick: ## format, lints and unit tests of what you changed: about a minute once it was built
	@scripts/quick.sh

test: ## every check there is: an hour the first time, then about half of that
	@scripts/test.sh

windows: ## build the programs and the installer for Windows on Linux: half an hour the first time, then seconds
	@scripts/windows.sh

macos: ## type-check and lint the programs for macOS on Linux: five minutes the first time, then seconds
	@scripts/macos.sh

package: ## write a .deb and an .rpm and say where: 15 minutes the first time, then one or two
	@scripts/package.sh

notices: ## write THIRD-PARTY-NOTICES.txt, when what is shipped of others has changed: 5 minutes once its tool was built
	@scripts/notices.sh

setup: ## install what these need; the others call it: a few minutes the first time, then seconds
	@scripts/setup.sh

bench: ## measure start-up, memory, checks and the command line against others: half an hour
	@scripts/bench.sh

peers: ## let programs of Microsoft and others judge what is written for them: 15 minutes, 2 GB
	@scripts/peers.sh

pictures: ## take the screenshots in docs/pictures again: 5 minutes once it was built
	@scripts/pictures.sh
