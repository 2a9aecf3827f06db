"""What several API processes share by Redis (or Valkey), besides limits: nothing is kept there that can be lost."""
