package org.understudy.probes.content.storage;

/**
 * What a host answered to a sample, as it is kept.
 *
 * @param words verbatim, or why there was no answer
 * @param queueId under which the host knows the sample, or empty
 */
public record StoredAnswer(String host, String sample, String kind, String stage, String words, String queueId) {}
