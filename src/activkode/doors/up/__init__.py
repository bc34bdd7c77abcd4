"""Starts and keeps alive everything that one machine needs; must never hold a rule of the business."""
