package org.understudy.bench.domains;

/** Where the servers of the world, and those of the agent, listen. */
record Ports(int dns, int smtp, int http, int admin) {}
