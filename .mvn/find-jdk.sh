# Sourced by mvnw and slipway: sets JAVA_HOME to a JDK of the version that Slipway is built for, or says how to get one.
slipway_jdk_version=25

slipway_is_jdk() {
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] && grep -q "^JAVA_VERSION=\"$slipway_jdk_version[.\"+-]" "$1/release"
}

if [ -z "${JAVA_HOME:-}" ] || ! slipway_is_jdk "$JAVA_HOME"; then
  slipway_found=
  for slipway_candidate in /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if slipway_is_jdk "$slipway_candidate"; then
      slipway_found=$slipway_candidate
      break
    fi
  done
  if [ -z "$slipway_found" ]; then
    echo "Slipway needs a JDK $slipway_jdk_version, and none was found under JAVA_HOME (${JAVA_HOME:-not set}) or /usr/lib/jvm." >&2
    echo "On Debian: install the package temurin-$slipway_jdk_version-jdk (see https://adoptium.net/installation/linux), or set JAVA_HOME." >&2
    exit 3
  fi
  JAVA_HOME=$slipway_found
fi
export JAVA_HOME
