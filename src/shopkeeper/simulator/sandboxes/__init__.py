"""Outside systems for play and proof: a platform, a courier service and a team robot, over real HTTP.

They know nothing of the house: they speak the outside systems' protocols and misbehave on demand.
"""
