"""The commands of the watch: hours closed and recorded, days signed, alerts judged and answered."""
