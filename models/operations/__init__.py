"""Operations: backup, its verification, restore, health checks and duties."""
