package org.understudy.probes.canary.storage;

/** A canary and where it lies. */
public record PlacedCanary(Place place, String id, String token) {}
