// cluster.ts: what a client asks before anything else: who is there, and what can it do.

import { randomUUID } from 'node:crypto';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossip, { type ClusterInfo, type MemberInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import features, { type SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { handleUnaryCall, Server } from '@grpc/grpc-js';
import type { Node } from './node.ts';
import { toUuid } from './wire.ts';

/** The version whose behaviour this server follows. */
export const VERSION = '24.10.4';
const STREAMS = 'event_store.client.streams.streams';
const METHODS = [
  ['read', ['position', 'events']],
  ['batchappend', ['deadline_duration']],
] as const;

export function addCluster(server: Server, node: Node): void {
  const instance = randomUUID();
  const getSupportedMethods: handleUnaryCall<unknown, SupportedMethods> = (_, callback) => {
    if (node.faults.withholdVersion !== true) callback(null, supported(node.version));
  };
  const read: handleUnaryCall<unknown, ClusterInfo> = (_, callback) => callback(null, cluster(node, instance));
  server.addService(ServerFeaturesService, { getSupportedMethods });
  server.addService(GossipService, { read });
}

function supported(version: string): SupportedMethods {
  const methods = new features.SupportedMethods();
  methods.setEventStoreServerVersion(version);
  for (const [name, list] of METHODS) {
    const method = new features.SupportedMethod();
    method.setMethodName(name);
    method.setServiceName(STREAMS);
    method.setFeaturesList([...list]);
    methods.addMethods(method);
  }
  return methods;
}

function cluster({ host, port, electing }: Node, instance: string): ClusterInfo {
  const endPoint = new gossip.EndPoint();
  endPoint.setAddress(host);
  endPoint.setPort(port);
  const member: MemberInfo = new gossip.MemberInfo();
  member.setInstanceId(toUuid(instance, false));
  const { LEADER, UNKNOWN } = gossip.MemberInfo.VNodeState;
  member.setState(electing ? UNKNOWN : LEADER);
  member.setIsAlive(true);
  member.setHttpEndPoint(endPoint);
  const info = new gossip.ClusterInfo();
  info.addMembers(member);
  return info;
}
