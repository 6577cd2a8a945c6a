# Each target is one line that calls the script of that name; the script's first lines say what it does.
.PHONY: setup run test bench package pictures peers

setup:
	@scripts/setup.sh

run:
	@scripts/run.sh

test:
	@scripts/test.sh

bench:
	@scripts/bench.sh

package:
	@scripts/package.sh

pictures:
	@scripts/pictures.sh

peers:
	@scripts/peers.sh
