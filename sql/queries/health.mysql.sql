-- How the server is doing; read between two batches, on a session of its own. SHOW asks for no right.
-- name: status
-- only: mysql
SHOW GLOBAL STATUS WHERE Variable_name IN
    ('Threads_running', 'Innodb_history_list_length', 'wsrep_flow_control_paused_ns', 'wsrep_local_recv_queue',
     'wsrep_local_state', 'wsrep_local_state_comment', 'wsrep_cluster_status');

-- name: galera
-- only: mysql
SHOW GLOBAL VARIABLES LIKE 'wsrep_on';

-- MySQL has no such status variable; asks for the right PROCESS.
-- name: history_list
-- only: mysql
SELECT `COUNT`
FROM information_schema.INNODB_METRICS
WHERE NAME = 'trx_rseg_history_len';

-- Asked of a replica, for its column Seconds_Behind_Master or Seconds_Behind_Source: SLAVE MONITOR on MariaDB,
-- REPLICATION CLIENT on MySQL.
-- name: replica_of_mariadb
-- only: mysql
SHOW ALL SLAVES STATUS;

-- name: replica_of_mysql
-- only: mysql
SHOW REPLICA STATUS;

-- The replicas that this server knows of, by server id, host and port: REPLICATION MASTER ADMIN on MariaDB,
-- REPLICATION SLAVE on MySQL.
-- name: replicas_of_mariadb
-- only: mysql
SHOW SLAVE HOSTS;

-- name: replicas_of_mysql
-- only: mysql
SHOW REPLICAS;
