package org.understudy.agent.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which spool a command is about.
 *
 * @param reserveBytes free space below which it takes no mail
 * @param certificate that the configuration names for STARTTLS
 * @param agent where its agent answers, if that is known
 */
record SpoolPlace(Path directory, long reserveBytes, Optional<Path> certificate, Optional<URI> agent) {}
